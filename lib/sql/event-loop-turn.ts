import { setImmediate } from "node:timers";

/** Milliseconds of SQL in one turn of the event loop before timers and sockets get theirs. */
const LONGEST_TURN = 10;

let startedAt = 0;
let isRunning = false;

/**
 * Lets the event loop turn when statements have kept it for too long; undefined when they haven't.
 * Everything of a synchronous driver resolves in microtasks, so without this a loop of awaited statements
 * would stop timers and sockets until its end.
 */
export function nextTurnIfLong(): Promise<void> | undefined {
  const now = performance.now();
  if (!isRunning) {
    isRunning = true;
    startedAt = now;
    setImmediate(() => {
      isRunning = false;
    });
    return undefined;
  }
  if (now - startedAt < LONGEST_TURN) return undefined;
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

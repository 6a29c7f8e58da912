import { setTimeout as sleep } from "node:timers/promises";
import type { GroupProcess } from "./groups.ts";

const POLL_MS = 50;

/** Milliseconds after SIGTERM. */
export interface Stop {
  /** Until it said that it isn't ready. */
  readonly unready: number;
  /** Until it last answered. */
  readonly served: number;
  readonly ended: number;
}

/**
 * Tells a process to end, and looks at its readiness until it has.
 * @throws Error when it doesn't end with 0
 */
export async function stopUnderLoad({ node, url }: GroupProcess): Promise<Stop> {
  const began = performance.now();
  const ending = node.stopOrThrow();
  let [unready, served] = [Number.NaN, Number.NaN];
  while (node.isRunning) {
    const status = await fetch(`${url}/healthcheck/ready`).then(
      async (response) => {
        await response.text();
        return response.status;
      },
      () => undefined,
    );
    if (status !== undefined) served = performance.now() - began;
    if (status === 503 && Number.isNaN(unready)) unready = performance.now() - began;
    await sleep(POLL_MS);
  }
  await ending;
  return { unready, served, ended: performance.now() - began };
}

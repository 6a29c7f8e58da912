import { createRequire } from "node:module";

/** The part of kafkajs's queue of requests (one for each connection) that the patch touches. */
interface RequestQueue {
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  /** Epoch milliseconds until which the broker asked for silence; -1 = it did not. */
  readonly throttledUntil: number;
  readonly pending: readonly unknown[];
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

/** Milliseconds after which waiting requests are looked at again; kafkajs's own figure. */
const CHECK_INTERVAL = 10;

/**
 * kafkajs 2.2.4 arms a timer of 1 ms for ever on each connection, also when nothing waits and nothing is throttled
 * (measured: 485 to 870 timers a second, about 5 % of a core in an idle process), with a delay below zero, which
 * Node 24 warns about (TimeoutNegativeWarning). Fixes are open upstream since 2024 (tulios/kafkajs 1751, 1755, 1768).
 * This puts one in: a timer only where something waits, or where the broker throttles. kafkajs has no `exports`
 * map, so its file can be reached; every client of the process goes through `kafkaClient`, which calls this first.
 */
export function stopIdleTimers(): void {
  const require = createRequire(import.meta.url);
  const { prototype }: { prototype: RequestQueue } = require("kafkajs/src/network/requestQueue");
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.throttleCheckTimeoutId) return;
    let delay = this.throttledUntil - Date.now();
    if (this.pending.length > 0) delay = delay > 0 ? delay : CHECK_INTERVAL;
    else if (delay <= 0) return;
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, delay);
  };
}

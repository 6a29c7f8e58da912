import type { CallLimitOptions } from "../../config/resilience.ts";

const CYCLE = 1_000;

/** So many permits each second. Who comes too late may take one of the next second's, and wait for it. */
export class CallPermits {
  readonly #options: CallLimitOptions;
  readonly #now: () => number;
  #cycle: number;
  /** Negative: so many of the next second's are taken. */
  #left: number;

  constructor(options: CallLimitOptions, now = () => performance.now()) {
    this.#options = options;
    this.#now = now;
    this.#cycle = Math.floor(now() / CYCLE);
    this.#left = options.permits;
  }

  /** Milliseconds until the call may go: 0 = now; undefined = it may not. */
  take(): number | undefined {
    const { permits, maxWait } = this.#options;
    const now = this.#now();
    const cycle = Math.floor(now / CYCLE);
    if (cycle > this.#cycle) {
      this.#left = Math.min(permits, this.#left + (cycle - this.#cycle) * permits);
      this.#cycle = cycle;
    }
    const wait = this.#left > 0 ? 0 : (cycle + 1) * CYCLE - now;
    if (wait > maxWait || this.#left <= -permits) return undefined;
    this.#left--;
    return wait;
  }
}

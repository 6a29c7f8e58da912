import { domainError } from "../../contracts/errors.ts";

export interface WorkQueueLimits {
  /** Works at the same time. */
  readonly concurrency: number;
  /** How many may wait for their turn. */
  readonly waiting: number;
  /** Milliseconds that one may wait. */
  readonly patience: number;
}

/** Seconds after which it makes sense to come again. */
const RETRY_AFTER = 1;

/** Does a few things at a time; a few more may wait, and whoever comes then is turned away at once. */
export class WorkQueue {
  readonly #limits: WorkQueueLimits;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: WorkQueueLimits) {
    this.#limits = limits;
  }

  /** @throws SERVICE_UNAVAILABLE when too many wait already, or the turn doesn't come soon */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limits.concurrency) await this.#turnOrThrow();
    else this.#running++;
    try {
      return await work();
    } finally {
      // The place goes to the next one, so nobody can slip in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }

  async #turnOrThrow(): Promise<void> {
    if (this.#waiting.length >= this.#limits.waiting) throw full();
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(full());
      }, this.#limits.patience);
      this.#waiting.push(turn);
    });
  }
}

function full() {
  return domainError("SERVICE_UNAVAILABLE", { retryAfter: RETRY_AFTER });
}

interface State {
  /** Epoch milliseconds of the last failure; undefined when something passed after it. */
  readonly failedAt: number | undefined;
  readonly failures: number;
  readonly resumeAt: number;
  readonly batchSize: number;
}

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/**
 * How patient to be with each of several things: after a failure one rests, longer each time, and begins again with
 * a batch of one.
 */
export class Pauses<Key> {
  readonly #fullBatch: number;
  readonly #states = new Map<Key, State>();

  constructor(fullBatch = 1) {
    this.#fullBatch = fullBatch;
  }

  isReady(key: Key, now: number): boolean {
    return (this.#states.get(key)?.resumeAt ?? 0) <= now;
  }

  batchSize(key: Key): number {
    return this.#states.get(key)?.batchSize ?? this.#fullBatch;
  }

  /** Answers when it failed before, if it did so in a row (else now), and when to try again. */
  failed(key: Key, now: number): { readonly since: number; readonly resumeAt: number } {
    const before = this.#states.get(key);
    const failures = (before?.failures ?? 0) + 1;
    const resumeAt = now + Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
    this.#states.set(key, { failedAt: now, failures, resumeAt, batchSize: 1 });
    return { since: before?.failedAt ?? now, resumeAt };
  }

  /** One by one, without a rest. */
  slow(key: Key): void {
    this.#begin(key, 1);
  }

  passed(key: Key): void {
    this.#begin(key, this.batchSize(key) * 2);
  }

  #begin(key: Key, batchSize: number): void {
    if (batchSize >= this.#fullBatch) this.#states.delete(key);
    else this.#states.set(key, { failedAt: undefined, failures: 0, resumeAt: 0, batchSize });
  }
}

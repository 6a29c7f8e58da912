export interface HandOverBufferOptions<T> {
  /** What the buffer holds, for the log: "views". */
  readonly what: string;
  /** Items of the same key are one. */
  readonly keyOf: (item: T) => string;
  /** Hands items over; may get the same ones again after a failure. */
  readonly send: (items: readonly T[]) => Promise<unknown>;
  readonly warn: (message: string, details: object) => void;
  /** Milliseconds from the first item to the hand-over, and between two. */
  readonly interval?: number;
  /** Most items kept. */
  readonly capacity?: number;
}

const INTERVAL = 1_000;
const CAPACITY = 10_000;
/** Items of one hand-over. */
const BATCH_SIZE = 1_000;

/**
 * Collects what reading leaves behind (views, events), so that a read writes nothing itself, and hands it over about
 * once a second. An item stays until it was handed over, so a failure repeats it with the next round. When the receiver
 * is away for long, the oldest items are kept and newer ones dropped: the memory used is bounded, and no read ever fails.
 */
export class HandOverBuffer<T> {
  readonly #options: Required<HandOverBufferOptions<T>>;
  /** By key, oldest first. */
  readonly #items = new Map<string, T>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;
  #dropped = 0;
  #isFailing = false;
  #isStopped = false;

  constructor(options: HandOverBufferOptions<T>) {
    this.#options = { interval: INTERVAL, capacity: CAPACITY, ...options };
  }

  get size(): number {
    return this.#items.size;
  }

  /** Never fails and never waits. */
  note(item: T): void {
    const key = this.#options.keyOf(item);
    if (this.#items.has(key)) return;
    if (this.#items.size >= this.#options.capacity) {
      this.#dropped++;
      return;
    }
    this.#items.set(key, item);
    this.#schedule();
  }

  /** Hands over what there is, once; what remains afterwards is lost. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#flushing;
    await this.#flush();
    if (this.#items.size > 0)
      this.#options.warn(`${this.#options.what} are lost: the node stops`, { lost: this.#items.size });
  }

  #schedule(): void {
    if (this.#timer || this.#flushing || this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flushing = this.#flush().finally(() => {
        this.#flushing = undefined;
        if (this.#items.size > 0) this.#schedule();
      });
    }, this.#options.interval);
    this.#timer.unref();
  }

  /** Never throws. */
  async #flush(): Promise<void> {
    this.#reportDropped();
    const due = [...this.#items.values()];
    try {
      for (let start = 0; start < due.length; start += BATCH_SIZE) {
        const batch = due.slice(start, start + BATCH_SIZE);
        await this.#options.send(batch);
        for (const item of batch) this.#items.delete(this.#options.keyOf(item));
      }
      this.#isFailing = false;
    } catch (error) {
      // Once for each outage, not once a second.
      if (!this.#isFailing)
        this.#options.warn(`${this.#options.what} could not be handed over`, {
          err: error,
          waiting: this.#items.size,
        });
      this.#isFailing = true;
    }
  }

  #reportDropped(): void {
    if (this.#dropped === 0) return;
    this.#options.warn(`${this.#options.what} were dropped: too many are waiting`, {
      dropped: this.#dropped,
    });
    this.#dropped = 0;
  }
}

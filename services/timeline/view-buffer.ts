/** A reader has seen a post. Times in epoch ms. */
export interface View {
  readonly postId: number;
  readonly memberId: number;
  readonly viewedAt: number;
}

export interface ViewBufferOptions {
  /** Hands views over to be counted; handing the same ones over twice counts them once. */
  readonly send: (views: readonly View[]) => Promise<unknown>;
  readonly warn: (message: string, details: object) => void;
  /** Milliseconds from the first view to the hand-over, and between two. */
  readonly interval?: number;
  /** Most views kept. */
  readonly capacity?: number;
}

const INTERVAL = 1_000;
const CAPACITY = 10_000;
/** Views of one hand-over: what `content.recordViews` takes. */
const BATCH_SIZE = 1_000;

/**
 * Collects views, so that reading posts writes nothing itself, and hands them over about once a second.
 * A view stays until it was handed over, so a failure repeats it with the next round. When the receiver is away for
 * long, the oldest views are kept and newer ones dropped: the memory used is bounded, and no read ever fails.
 */
export class ViewBuffer {
  readonly #options: Required<ViewBufferOptions>;
  /** By post and reader, oldest first. */
  readonly #views = new Map<string, View>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;
  #dropped = 0;
  #isFailing = false;
  #isStopped = false;

  constructor(options: ViewBufferOptions) {
    this.#options = { interval: INTERVAL, capacity: CAPACITY, ...options };
  }

  get size(): number {
    return this.#views.size;
  }

  /** Never fails and never waits. */
  note(view: View): void {
    const key = keyOf(view);
    if (this.#views.has(key)) return;
    if (this.#views.size >= this.#options.capacity) {
      this.#dropped++;
      return;
    }
    this.#views.set(key, view);
    this.#schedule();
  }

  /** Hands over what there is, once; what remains afterwards is lost. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#flushing;
    await this.#flush();
    if (this.#views.size > 0)
      this.#options.warn("views are lost: the node stops", { lost: this.#views.size });
  }

  #schedule(): void {
    if (this.#timer || this.#flushing || this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flushing = this.#flush().finally(() => {
        this.#flushing = undefined;
        if (this.#views.size > 0) this.#schedule();
      });
    }, this.#options.interval);
    this.#timer.unref();
  }

  /** Never throws. */
  async #flush(): Promise<void> {
    this.#reportDropped();
    const due = [...this.#views.values()];
    try {
      for (let start = 0; start < due.length; start += BATCH_SIZE) {
        const batch = due.slice(start, start + BATCH_SIZE);
        await this.#options.send(batch);
        for (const view of batch) this.#views.delete(keyOf(view));
      }
      this.#isFailing = false;
    } catch (error) {
      // Once for each outage, not once a second.
      if (!this.#isFailing)
        this.#options.warn("views could not be handed over", { err: error, waiting: this.#views.size });
      this.#isFailing = true;
    }
  }

  #reportDropped(): void {
    if (this.#dropped === 0) return;
    this.#options.warn("views were dropped: too many are waiting", { dropped: this.#dropped });
    this.#dropped = 0;
  }
}

function keyOf({ postId, memberId }: View): string {
  return `${postId}:${memberId}`;
}

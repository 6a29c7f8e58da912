/** One upload's part of the budget. */
export interface UploadShare {
  /** Notes that bytes were received; false = there is no room for them. */
  take(bytes: number): boolean;
  /** Gives all of it back; once or more. */
  close(): void;
}

/** Bounds the bytes of all uploads that a process holds in memory at the same time. */
export class UploadBudget {
  readonly #limit: number;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  open(): UploadShare {
    let own = 0;
    let isClosed = false;
    return {
      take: (bytes) => {
        if (isClosed || this.#used + bytes > this.#limit) return false;
        own += bytes;
        this.#used += bytes;
        return true;
      },
      close: () => {
        isClosed = true;
        this.#used -= own;
        own = 0;
      },
    };
  }
}

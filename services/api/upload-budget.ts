/** One upload's part of the budget. */
export interface UploadShare {
  /** Notes that bytes were received; false = there is no room for them. */
  take(bytes: number): boolean;
  /** Sets memory aside for bytes that are to come; false = as much is set aside already as all may take. */
  reserve(bytes: number): boolean;
  /** Gives all of it back; once or more. */
  close(): void;
}

/** Bounds the bytes of all uploads that a process holds in memory at the same time. */
export class UploadBudget {
  readonly #limit: number;
  #used = 0;
  /** Apart from `#used`: who announces much and sends nothing must not keep others out. */
  #reserved = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  get reserved(): number {
    return this.#reserved;
  }

  open(): UploadShare {
    let own = 0;
    let ownReserved = 0;
    let isClosed = false;
    return {
      take: (bytes) => {
        if (isClosed || this.#used + bytes > this.#limit) return false;
        own += bytes;
        this.#used += bytes;
        return true;
      },
      reserve: (bytes) => {
        if (isClosed || this.#reserved + bytes > this.#limit) return false;
        ownReserved += bytes;
        this.#reserved += bytes;
        return true;
      },
      close: () => {
        isClosed = true;
        this.#used -= own;
        this.#reserved -= ownReserved;
        own = 0;
        ownReserved = 0;
      },
    };
  }
}

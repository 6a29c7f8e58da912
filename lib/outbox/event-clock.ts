const NANOS_IN_MS = 1_000_000n;

/**
 * Tells times for message keys: `yyyy-MM-dd HH:mm:ss.SSSSSSSSS` in one zone, each later than the one before,
 * also within one millisecond and when the machine's clock is set back.
 */
export class EventClock {
  readonly #format: Intl.DateTimeFormat;
  readonly #now: () => number;
  /** Epoch nanoseconds. */
  #last = 0n;
  #second = { at: -1n, text: "" };

  constructor(timeZone: string, now: () => number = Date.now) {
    // Swedish writes dates just so.
    this.#format = new Intl.DateTimeFormat("sv-SE", {
      timeZone,
      dateStyle: "short",
      timeStyle: "medium",
    });
    this.#now = now;
  }

  next(): string {
    const now = BigInt(this.#now()) * NANOS_IN_MS;
    this.#last = now > this.#last ? now : this.#last + 1n;
    const second = this.#last / (1_000n * NANOS_IN_MS);
    if (second !== this.#second.at) {
      this.#second = { at: second, text: this.#format.format(Number(second) * 1_000) };
    }
    const nanos = this.#last % (1_000n * NANOS_IN_MS);
    return `${this.#second.text}.${String(nanos).padStart(9, "0")}`;
  }
}

/** Lets a loop sleep until there is work, gathering what comes in close succession. */
export class WakeUp {
  readonly #gatherMs: number;
  readonly #enough: number;
  #count = 0;
  #gathering: NodeJS.Timeout | undefined;
  #isDue = false;
  #wake: (() => void) | undefined;

  /** @param enough that many pieces of work wake it before `gatherMs` are over */
  constructor({ gatherMs, enough }: { readonly gatherMs: number; readonly enough: number }) {
    this.#gatherMs = gatherMs;
    this.#enough = enough;
  }

  /** Work is there. */
  nudge(pieces = 1): void {
    this.#count += pieces;
    if (this.#count >= this.#enough) this.now();
    else this.#gathering ??= setTimeout(() => this.now(), this.#gatherMs);
  }

  /** Wakes it without waiting for more. */
  now(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#count = 0;
    this.#isDue = true;
    this.#wake?.();
  }

  /** Resolves when woken, at once if that happened since the last time, or after `timeoutMs`. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.#isDue) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    }
    this.#isDue = false;
  }
}

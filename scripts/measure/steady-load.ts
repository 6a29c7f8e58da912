import { setTimeout as sleep } from "node:timers/promises";

const DISPATCH_MS = 10;

/** Sends at a steady rate, whatever becomes of those before, until told to stop. */
export class SteadyLoad {
  sent = 0;
  /** How often which answer came; 0 stands for none. */
  readonly statuses = new Map<number, number>();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #done: Promise<void>;
  #isStopped = false;

  /** @param rate requests a second */
  constructor(rate: number, send: () => Promise<Response>) {
    this.#done = this.#dispatch(rate, send);
  }

  /** Resolves when all have their answers. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#done;
    await Promise.all(this.#inFlight);
  }

  async #dispatch(rate: number, send: () => Promise<Response>): Promise<void> {
    const began = performance.now();
    while (!this.#isStopped) {
      const due = Math.floor(((performance.now() - began) / 1_000) * rate);
      for (; this.sent < due; this.sent++) {
        const request = this.#request(send).finally(() => this.#inFlight.delete(request));
        this.#inFlight.add(request);
      }
      await sleep(DISPATCH_MS);
    }
  }

  async #request(send: () => Promise<Response>): Promise<void> {
    const status = await send().then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }
}

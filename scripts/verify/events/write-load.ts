import { setTimeout as sleep } from "node:timers/promises";
import { mulberry32 } from "../../random/mulberry32.ts";
import { Gateways } from "./gateways.ts";
import { Ledger } from "./ledger.ts";
import { MemberWriter, type World } from "./member-writer.ts";

export interface WriteLoadOptions {
  readonly urls: readonly string[];
  readonly seed: number;
  /** Members that write side by side. */
  readonly writers: number;
  /** Milliseconds that each waits after a write. */
  readonly pause: number;
}

/** Members who write one thing after the other until they are told to stop. */
export class WriteLoad {
  readonly ledger = new Ledger();
  readonly #writers: readonly MemberWriter[];
  readonly #pause: number;
  #begun = 0;
  #limit = 0;

  constructor({ urls, seed, writers, pause }: WriteLoadOptions) {
    const gateways = new Gateways(urls);
    const world: World = { postIds: [], memberIds: [] };
    this.#pause = pause;
    this.#writers = Array.from(
      { length: writers },
      (_, index) => new MemberWriter(gateways, this.ledger, world, mulberry32(seed + index)),
    );
  }

  /** Writes begun. */
  get begun(): number {
    return this.#begun;
  }

  async joinOrThrow(): Promise<void> {
    for (const [index, writer] of this.#writers.entries()) await writer.joinOrThrow(`writer_${index}`);
  }

  /** Resolves when `writes` more are done. */
  async write(writes: number): Promise<void> {
    this.#limit = this.#begun + writes;
    await Promise.all(this.#writers.map((writer) => this.#work(writer)));
  }

  /** Writes until `task` is over, and throws what it throws. */
  async during<T>(task: () => Promise<T>): Promise<T> {
    this.#limit = Number.POSITIVE_INFINITY;
    const work = Promise.all(this.#writers.map((writer) => this.#work(writer)));
    try {
      return await Promise.race([task(), work.then(() => Promise.reject(new Error("the load ended early")))]);
    } finally {
      this.#limit = 0;
      await work;
    }
  }

  /** Resolves when `writes` more have begun. @throws Error when the load ends before */
  async passes(writes: number): Promise<void> {
    const goal = this.#begun + writes;
    while (this.#begun < goal) {
      if (this.#begun >= this.#limit) throw new Error(`the load ended at ${this.#begun} writes`);
      await sleep(5);
    }
  }

  async #work(writer: MemberWriter): Promise<void> {
    while (this.#begun < this.#limit) {
      this.#begun++;
      await writer.write();
      if (this.#pause > 0) await sleep(this.#pause);
    }
  }
}

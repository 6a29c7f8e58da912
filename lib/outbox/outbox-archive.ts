import type { Database } from "../sql/database.ts";
import { OutboxRepository } from "./outbox.repository.ts";

export interface OutboxArchiveOptions {
  /** How long sent events are kept (milliseconds). */
  readonly keepMs: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Rows in one statement: small transactions, so that writers hardly wait. */
const CHUNK = 500;

/** The events that were sent: kept for a while, to be sent again where the log has lost them. */
export class OutboxArchive {
  readonly #outbox: OutboxRepository;
  readonly #keepMs: number;
  readonly #now: () => number;

  constructor(database: Database, { keepMs, now = Date.now }: OutboxArchiveOptions) {
    this.#outbox = new OutboxRepository(database);
    this.#keepMs = keepMs;
    this.#now = now;
  }

  /**
   * Lets events that were sent in [from, to) (epoch milliseconds) be sent again, with the ids they have: consumers drop
   * what they know. Answers how many.
   */
  async republish(from: number, to: number): Promise<number> {
    // What is sent from now on must not be found again.
    const end = Math.min(to, this.#now());
    return everyChunk(() => this.#outbox.reopen(from, end, CHUNK));
  }

  /** Deletes what is kept long enough; answers how much. */
  clean(): Promise<number> {
    return everyChunk(() => this.#deleteChunk());
  }

  /** Deletes a little of what is kept long enough; answers whether there may be more. */
  async cleanSome(): Promise<boolean> {
    return (await this.#deleteChunk()) === CHUNK;
  }

  #deleteChunk(): Promise<number> {
    return this.#outbox.deleteFinished(this.#now() - this.#keepMs, CHUNK);
  }
}

async function everyChunk(work: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const done = await work();
    total += done;
    if (done < CHUNK) return total;
  }
}

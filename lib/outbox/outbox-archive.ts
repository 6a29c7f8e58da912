import type { Database } from "../sql/database.ts";
import { OutboxRepository } from "./outbox.repository.ts";

export interface OutboxArchiveOptions {
  /** How long sent events are kept (milliseconds). */
  readonly keepMs: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

type Reopened = Awaited<ReturnType<OutboxRepository["reopen"]>>;

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
    let total = 0;
    for (let after: number | undefined = 0; after !== undefined; ) {
      const { reopened, last }: Reopened = await this.#outbox.reopen(from, end, { after, limit: CHUNK });
      total += reopened;
      after = last;
    }
    return total;
  }

  /** Deletes what was kept long enough; answers how much. Stops where much stands in front that still waits. */
  async clean(): Promise<number> {
    let total = 0;
    for (;;) {
      const deleted = await this.#deleteChunk();
      total += deleted;
      if (!mayBeMore(deleted)) return total;
    }
  }

  /** Deletes a little of what was kept long enough; answers whether there may be more. */
  async cleanSome(): Promise<boolean> {
    return mayBeMore(await this.#deleteChunk());
  }

  #deleteChunk(): Promise<number> {
    return this.#outbox.deleteFinished(this.#now() - this.#keepMs, CHUNK);
  }
}

/** A few that still wait may stand among the oldest. */
function mayBeMore(deleted: number): boolean {
  return deleted > CHUNK / 2;
}

import type { Database } from "./database.ts";
import { sql } from "./sql.ts";

/** Milliseconds between two looks; well below the grace that recent writes get. */
const INTERVAL = 500;
/** Looks that are remembered: a minute's. */
const REMEMBERED = 120;

interface Look {
  /** Epoch milliseconds before the primary was asked. */
  readonly at: number;
  /** The newest event there at that time: every write brings one, in its transaction. */
  readonly newest: number;
}

/**
 * How far a replica is behind, without rights beyond reading: what the primary had when, against what the replica
 * has now. Infinity until it is known, and while the replica doesn't answer.
 */
export class ReplicaLag {
  readonly #primary: Database;
  readonly #replica: Database;
  readonly #limit: number;
  #looks: Look[] = [];
  #milliseconds = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** @param limit milliseconds that the replica may be behind */
  constructor(primary: Database, replica: Database, limit: number) {
    this.#primary = primary;
    this.#replica = replica;
    this.#limit = limit;
  }

  get isWithinLimit(): boolean {
    return this.#milliseconds <= this.#limit;
  }

  get milliseconds(): number {
    return this.#milliseconds;
  }

  /** @throws Error that tells how far it is behind */
  assertWithinLimitOrThrow(): void {
    if (!this.isWithinLimit) throw new Error(`The replica is ${this.#milliseconds} ms behind`);
  }

  /** Calls back after every look, which come one after the other. */
  watch(onLook: () => void): void {
    const look = async () => {
      await this.#look();
      onLook();
      if (this.#timer) this.#timer = setTimeout(look, INTERVAL).unref();
    };
    this.#timer = setTimeout(look, 0).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** A statement failed on the replica: it counts as away until the next look. */
  forget(): void {
    this.#milliseconds = Number.POSITIVE_INFINITY;
  }

  async #look(): Promise<void> {
    const at = Date.now();
    try {
      const newest = await newestEvent(this.#primary);
      this.#looks = [...this.#looks.slice(1 - REMEMBERED), { at, newest }];
      const has = await newestEvent(this.#replica);
      const reached = this.#looks.findLast((look) => look.newest <= has);
      this.#milliseconds = reached === undefined ? Number.POSITIVE_INFINITY : at - reached.at;
    } catch {
      this.#milliseconds = Number.POSITIVE_INFINITY;
    }
  }
}

async function newestEvent(database: Database): Promise<number> {
  const row = await database.selectOne<{ id: number | null }>(sql`SELECT MAX(id) AS id FROM event_outbox`);
  return row?.id ?? 0;
}

import type { Transaction } from "sequelize";
import type { Database } from "../sql/database.ts";
import { violates } from "../sql/failures.ts";
import { inList, sql } from "../sql/sql.ts";

/** The right to do what only one may do, for a time. */
export interface Lease {
  readonly name: string;
  readonly owner: string;
  /** Grows with each holder. An effect that compares it can't be late. */
  readonly fence: number;
  /** Epoch milliseconds, by the clock of the process that asked last. */
  readonly until: number;
}

/** Somebody else holds the lease by now: what was about to be done must not be done. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
  readonly leases: readonly string[];

  constructor(leases: readonly string[]) {
    super(`Lost to another holder: ${leases.join(", ")}`);
    this.leases = leases;
  }
}

const NAME_KEY = { index: "PRIMARY", columns: ["name"] };

/**
 * Leases in SQL. Clocks of nodes should agree within a second or so: a clock that is ahead takes leases early, which
 * costs the old holder its work but, by the fence, never has two effects.
 */
export class LeaseStore {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, { now = Date.now }: { readonly now?: () => number } = {}) {
    this.#database = database;
    this.#now = now;
  }

  /**
   * Takes a free lease for `ttlMs`; undefined while anybody holds it, the same owner too.
   * The owner must be another one after each start of a process.
   */
  async acquire(name: string, owner: string, ttlMs: number): Promise<Lease | undefined> {
    const known = await this.#database.selectOne<Lease>(
      sql`SELECT name, owner, fence, leased_until AS until FROM leases WHERE name = ${name}`,
    );
    return this.take(name, known, owner, ttlMs);
  }

  /** Takes a lease as `list` found it: undefined if it isn't free, or not any more. */
  async take(
    name: string,
    known: Lease | undefined,
    owner: string,
    ttlMs: number,
  ): Promise<Lease | undefined> {
    const now = this.#now();
    const until = now + ttlMs;
    if (!known) return this.#create({ name, owner, fence: 1, until });
    if (known.until > now) return undefined;
    const fence = known.fence + 1;
    const taken = await this.#database.execute(
      sql`UPDATE leases SET owner = ${owner}, fence = ${fence}, leased_until = ${until}
          WHERE name = ${name} AND fence = ${known.fence} AND leased_until = ${known.until}`,
    );
    return taken === 1 ? { name, owner, fence, until } : undefined;
  }

  /** Holds on for `ttlMs` from now; undefined when somebody else has taken it. A lease that only ran out is kept. */
  async renew(lease: Lease, ttlMs: number): Promise<Lease | undefined> {
    return (await this.renewAll([lease], ttlMs))[0];
  }

  /** Holds on to several leases of one owner, in one statement; answers those that are still held. */
  async renewAll(leases: readonly Lease[], ttlMs: number): Promise<readonly Lease[]> {
    const [first] = leases;
    if (!first) return [];
    const until = this.#now() + ttlMs;
    const names = leases.map(({ name }) => name);
    const renewed = await this.#database.execute(
      sql`UPDATE leases SET leased_until = ${until} WHERE name IN ${inList(names)} AND owner = ${first.owner}`,
    );
    const held = renewed === leases.length ? leases : await this.#held(leases);
    return held.map((lease) => ({ ...lease, until }));
  }

  /** Lets others have it at once. */
  async release(lease: Lease): Promise<void> {
    await this.#database.execute(
      sql`UPDATE leases SET owner = '', leased_until = 0 WHERE name = ${lease.name} AND fence = ${lease.fence}`,
    );
  }

  /**
   * Locks the leases' rows until the transaction ends, so that nobody takes them before.
   * @throws LeaseLostError when one has been taken already
   */
  async assertHeld(leases: Lease | readonly Lease[], transaction: Transaction): Promise<void> {
    const expected = Array.isArray(leases) ? (leases as readonly Lease[]) : [leases as Lease];
    const held = new Set((await this.#held(expected, transaction)).map(({ name }) => name));
    const lost = expected.map(({ name }) => name).filter((name) => !held.has(name));
    if (lost.length > 0) throw new LeaseLostError(lost);
  }

  /** Every lease whose name begins with `scope` and a colon. */
  async list(scope: string): Promise<readonly Lease[]> {
    // The semicolon follows the colon, so this is a range of the key.
    return this.#database.select<Lease>(
      sql`SELECT name, owner, fence, leased_until AS until FROM leases
          WHERE name >= ${`${scope}:`} AND name < ${`${scope};`} ORDER BY name`,
    );
  }

  /** Deletes leases that ran out, for names that won't be used again. */
  async forget(names: readonly string[]): Promise<void> {
    await this.#database.execute(
      sql`DELETE FROM leases WHERE name IN ${inList(names)} AND leased_until < ${this.#now()}`,
    );
  }

  async #create(lease: Lease): Promise<Lease | undefined> {
    try {
      await this.#database.execute(
        sql`INSERT INTO leases (name, owner, fence, leased_until)
            VALUES (${lease.name}, ${lease.owner}, ${lease.fence}, ${lease.until})`,
      );
      return lease;
    } catch (error) {
      if (violates(error, NAME_KEY)) return undefined;
      throw error;
    }
  }

  async #held(leases: readonly Lease[], transaction?: Transaction): Promise<readonly Lease[]> {
    const lock = transaction ? this.#database.forUpdate : sql``;
    const rows = await this.#database.select<{ name: string; fence: number }>(
      sql`SELECT name, fence FROM leases WHERE name IN ${inList(leases.map(({ name }) => name))}
          ORDER BY name${lock}`,
      { transaction },
    );
    const fences = new Map(rows.map(({ name, fence }) => [name, fence]));
    return leases.filter(({ name, fence }) => fences.get(name) === fence);
  }
}

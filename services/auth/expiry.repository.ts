import type { Database } from "../../lib/sql/database.ts";
import { inList, integer, sql, trusted } from "../../lib/sql/sql.ts";

/** Rows deleted by one statement: small transactions, short locks. */
const CHUNK = 1_000;
const EXPIRING_TABLES = ["refresh_tokens", "jwt_blacklist", "jwt_keys"] as const;

export type ExpiryReport = Record<(typeof EXPIRING_TABLES)[number], number>;

/** Deletes what is over: refresh tokens, blacklist rows and keys past their `expires_at`. */
export class ExpiryRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async clean(): Promise<ExpiryReport> {
    const report: ExpiryReport = { refresh_tokens: 0, jwt_blacklist: 0, jwt_keys: 0 };
    for (const table of EXPIRING_TABLES) report[table] = await this.#cleanTable(table, Date.now());
    return report;
  }

  async #cleanTable(table: (typeof EXPIRING_TABLES)[number], now: number): Promise<number> {
    for (let deleted = 0; ; ) {
      const rows = await this.#database.select<{ id: number }>(
        sql`SELECT id FROM ${trusted(table)} WHERE expires_at <= ${now} LIMIT ${integer(CHUNK)}`,
      );
      if (rows.length === 0) return deleted;
      await this.#database.execute(
        sql`DELETE FROM ${trusted(table)} WHERE id IN ${inList(rows.map(({ id }) => id))}`,
      );
      deleted += rows.length;
    }
  }
}

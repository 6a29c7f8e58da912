import { createHash } from "node:crypto";
import type { Database } from "../../../lib/sql/database.ts";
import { sql } from "../../../lib/sql/sql.ts";

export interface KnownRefreshToken {
  /** All tokens descended from one log-in share it. */
  readonly sessionId: string;
  readonly state: "ALIVE" | "DEAD";
}

/** Looks at a refresh token without using it up. */
export class RefreshTokenLookup {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One statement; undefined for a token that was never issued. */
  async find(refreshToken: string): Promise<KnownRefreshToken | undefined> {
    const hash = createHash("sha256").update(refreshToken).digest("hex");
    const row = await this.#database.selectOne<{ session_id: string; alive: number }>(
      sql`SELECT session_id, CASE WHEN revoked_at IS NULL AND expires_at > ${Date.now()} THEN 1 ELSE 0 END AS alive
          FROM refresh_tokens WHERE token_hash = ${hash}`,
    );
    return row && { sessionId: row.session_id, state: row.alive === 1 ? "ALIVE" : "DEAD" };
  }
}

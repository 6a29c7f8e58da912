import { randomBytes, randomUUID } from "node:crypto";
import type { Transaction } from "sequelize";
import type { Config } from "../../config/index.ts";
import type { Database } from "../../lib/sql/database.ts";
import { violates } from "../../lib/sql/failures.ts";
import { sql } from "../../lib/sql/sql.ts";
import type { PrimaryKey } from "./access-tokens.ts";

const PRIMARY_KEY = { index: "uq_jwt_keys_primary", columns: ["primary_slot"] };

export interface KeyInfo {
  readonly kid: string;
  readonly isPrimary: boolean;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

/** The keys that sign access tokens: one primary, and former ones in their grace. */
export class SigningKeyRepository {
  readonly #database: Database;
  readonly #tokens: Config["tokens"];

  constructor(database: Database, tokens: Config["tokens"]) {
    this.#database = database;
    this.#tokens = tokens;
  }

  /** Makes the first key of an empty table; on several nodes at once, one of them does. */
  async ensurePrimary(): Promise<void> {
    const existing = await this.#database.selectOne(sql`SELECT kid FROM jwt_keys WHERE primary_slot = 1`);
    if (existing) return;
    try {
      await this.#insertPrimary(Date.now());
    } catch (error) {
      if (!violates(error, PRIMARY_KEY)) throw error;
    }
  }

  /** The key to sign with, which can't be replaced before the transaction ends. */
  async primaryOrThrow(transaction: Transaction): Promise<PrimaryKey> {
    const key = await this.#database.selectOne<PrimaryKey>(
      sql`SELECT kid, secret FROM jwt_keys WHERE primary_slot = 1${this.#database.forShare}`,
      { transaction },
    );
    if (!key) throw new Error("There is no primary signing key");
    return key;
  }

  /**
   * Replaces the primary when it is older than the rotation period, or at once when forced.
   * Two nodes at once: the second finds the first one's new key, which is young, or meets it in the unique key.
   */
  async rotate(force: "FORCE" | "IF_DUE"): Promise<"ROTATED" | "NOT_DUE"> {
    try {
      return await this.#replacePrimary(force);
    } catch (error) {
      if (violates(error, PRIMARY_KEY)) return "NOT_DUE";
      throw error;
    }
  }

  async #replacePrimary(force: "FORCE" | "IF_DUE"): Promise<"ROTATED" | "NOT_DUE"> {
    return this.#database.transaction(async (transaction) => {
      const now = Date.now();
      const primary = await this.#database.selectOne<{ id: number; created_at: number }>(
        sql`SELECT id, created_at FROM jwt_keys WHERE primary_slot = 1${this.#database.forUpdate}`,
        { transaction },
      );
      if (primary) {
        if (force === "IF_DUE" && now - primary.created_at < this.#tokens.keyRotation) return "NOT_DUE";
        await this.#database.execute(
          sql`UPDATE jwt_keys SET primary_slot = NULL, is_active = 0, expires_at = ${now + this.#tokens.keyGrace}
              WHERE id = ${primary.id}`,
          { transaction },
        );
      }
      await this.#insertPrimary(now, transaction);
      return "ROTATED";
    });
  }

  async list(): Promise<KeyInfo[]> {
    const rows = await this.#database.select<{
      kid: string;
      primary_slot: number | null;
      created_at: number;
      expires_at: number | null;
    }>(sql`SELECT kid, primary_slot, created_at, expires_at FROM jwt_keys ORDER BY id DESC`);
    return rows.map((row) => ({
      kid: row.kid,
      isPrimary: row.primary_slot === 1,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    }));
  }

  async #insertPrimary(now: number, transaction?: Transaction): Promise<void> {
    await this.#database.insert(
      sql`INSERT INTO jwt_keys (kid, secret, primary_slot, is_active, created_at)
          VALUES (${randomUUID()}, ${randomBytes(32).toString("hex")}, 1, 1, ${now})`,
      { transaction },
    );
  }
}

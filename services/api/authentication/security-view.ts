import { createSecretKey, type KeyObject } from "node:crypto";
import type { Config } from "../../../config/index.ts";
import type { Database } from "../../../lib/sql/database.ts";
import { sql } from "../../../lib/sql/sql.ts";

export interface SigningKey {
  readonly secret: KeyObject;
  readonly isPrimary: boolean;
  /** Epoch milliseconds; undefined for the primary. */
  readonly expiresAt: number | undefined;
}

/** Milliseconds after which the absence of a revocation is no longer believed. */
const TRUSTED_FOR = 1_000;
/** Milliseconds between syncs that an unknown key asks for: a stream of forged key ids must not become one of queries. */
const EARLY_SYNC_PAUSE = 100;
/** Milliseconds looked back at each sync: rows become visible later than the time they carry, and clocks differ. */
const OVERLAP = 60_000;

/**
 * What this process knows of keys and revocations, synced from the tables when a request needs it: an
 * authenticated request costs no statement, and a revocation by any process is seen within a second.
 * The gateway reads these tables itself; asking auth would make every request a remote call.
 */
export class SecurityView {
  readonly #database: Database;
  readonly #longestLife: number;
  readonly #now: () => number;
  #keys: ReadonlyMap<string, SigningKey> = new Map();
  readonly #blacklist = new Map<string, number>();
  readonly #generations = new Map<number, { readonly generation: number; readonly raisedAt: number }>();
  #syncedAt = Number.NEGATIVE_INFINITY;
  #syncing: Promise<void> | undefined;

  constructor(database: Database, tokens: Config["tokens"], now: () => number = Date.now) {
    this.#database = database;
    // No token verifies longer than its key does, however long it says it lives.
    this.#longestLife = Math.max(tokens.accessTtl, tokens.keyRotation + tokens.keyGrace);
    this.#now = now;
  }

  /** Resolves when what the view says is at most a second old. @throws SERVICE_UNAVAILABLE without the store */
  async ensureFresh(): Promise<void> {
    if (this.#isFresh()) return;
    await this.#sync();
    // A sync that was under way already may have begun too long ago; one of our own is as new as the request.
    if (!this.#isFresh()) await this.#sync();
  }

  #isFresh(): boolean {
    return this.#now() - this.#syncedAt <= TRUSTED_FOR;
  }

  /** The key of this id that may still verify; looks again at once for one it doesn't know. */
  async findKey(kid: string): Promise<SigningKey | undefined> {
    if (!this.#keys.has(kid) && this.#now() - this.#syncedAt > EARLY_SYNC_PAUSE) await this.#sync();
    const key = this.#keys.get(kid);
    return key && (key.expiresAt === undefined || key.expiresAt > this.#now()) ? key : undefined;
  }

  isBlacklisted(jti: string): boolean {
    return this.#blacklist.has(jti);
  }

  /** Has the member's generation been raised since a token of this one was issued? */
  isOutdated(memberId: number, generation: number): boolean {
    const raised = this.#generations.get(memberId);
    return raised !== undefined && generation < raised.generation;
  }

  #sync(): Promise<void> {
    this.#syncing ??= this.#load().finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  async #load(): Promise<void> {
    const startedAt = this.#now();
    const oldest = startedAt - this.#longestLife - OVERLAP;
    const since = Math.max(oldest, this.#syncedAt - OVERLAP);
    const [keys, blacklisted, raised] = await Promise.all([
      this.#database.select<{
        kid: string;
        secret: string;
        primary_slot: number | null;
        expires_at: number | null;
      }>(
        sql`SELECT kid, secret, primary_slot, expires_at FROM jwt_keys
            WHERE expires_at IS NULL OR expires_at > ${startedAt}`,
      ),
      this.#database.select<{ jti: string; expires_at: number }>(
        sql`SELECT jti, expires_at FROM jwt_blacklist WHERE created_at >= ${since} AND expires_at > ${startedAt}`,
      ),
      this.#database.select<{ member_id: number; session_generation: number; generation_raised_at: number }>(
        sql`SELECT member_id, session_generation, generation_raised_at FROM member_credentials
            WHERE generation_raised_at >= ${since}`,
      ),
    ]);
    const known = this.#keys;
    this.#keys = new Map(
      keys.map((row) => [
        row.kid,
        {
          secret: known.get(row.kid)?.secret ?? createSecretKey(Buffer.from(row.secret, "hex")),
          isPrimary: row.primary_slot === 1,
          expiresAt: row.expires_at ?? undefined,
        },
      ]),
    );
    for (const { jti, expires_at } of blacklisted) this.#blacklist.set(jti, expires_at);
    for (const row of raised) {
      this.#generations.set(row.member_id, {
        generation: row.session_generation,
        raisedAt: row.generation_raised_at,
      });
    }
    for (const [jti, expiresAt] of this.#blacklist) if (expiresAt <= startedAt) this.#blacklist.delete(jti);
    for (const [memberId, { raisedAt }] of this.#generations)
      if (raisedAt < oldest) this.#generations.delete(memberId);
    this.#syncedAt = startedAt;
  }
}

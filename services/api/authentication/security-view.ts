import { createSecretKey, type KeyObject } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { TokensRevoked } from "../../../contracts/tokens.ts";
import type { Database } from "../../../lib/sql/database.ts";
import { sql } from "../../../lib/sql/sql.ts";

export interface SigningKey {
  readonly secret: KeyObject;
  readonly isPrimary: boolean;
  /** Epoch milliseconds; undefined for the primary. */
  readonly expiresAt: number | undefined;
}

interface KeyRow {
  readonly kid: string;
  readonly secret: string;
  readonly primarySlot: number | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

interface RaisedRow {
  readonly memberId: number;
  readonly generation: number;
  readonly raisedAt: number;
}

/** Milliseconds after which the absence of a revocation is no longer believed. */
const TRUSTED_FOR = 1_000;
/** Milliseconds between syncs that unknown keys ask for: a stream of forged key ids must not become one of queries. */
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
  readonly #now: () => number;
  #keys: ReadonlyMap<string, SigningKey> = new Map();
  readonly #blacklist = new Map<string, number>();
  readonly #generations = new Map<number, Omit<RaisedRow, "memberId">>();
  #syncedAt = Number.NEGATIVE_INFINITY;
  #syncing: Promise<void> | undefined;
  #earlySync: Promise<void> | undefined;

  /** `now`: epoch milliseconds. */
  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  /** Resolves when what the view says is at most a second old. @throws SERVICE_UNAVAILABLE without the store */
  async ensureFresh(): Promise<void> {
    const startedAt = this.#now();
    if (this.#isTrusted(startedAt)) return;
    // A sync under way may have begun too early for this request.
    await this.#syncing;
    if (!this.#isTrusted(startedAt)) await this.#sync();
  }

  /**
   * The key of this id that may still verify. One that isn't known may have been made since the last sync:
   * the answer waits for the next, at most a tenth of a second.
   */
  async findKey(kid: string): Promise<SigningKey | undefined> {
    if (!this.#keys.has(kid)) await this.#syncEarly();
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

  /** Takes a revocation in before the next sync brings it. */
  learn({ accessTokens, generation }: TokensRevoked): void {
    for (const { jti, expiresAt } of accessTokens) this.#blacklist.set(jti, expiresAt);
    if (generation) this.#raise({ ...generation, raisedAt: this.#now() });
  }

  /** A clock set back makes no sync younger. */
  #isTrusted(now: number): boolean {
    const age = now - this.#syncedAt;
    return age >= 0 && age <= TRUSTED_FOR;
  }

  async #sync(): Promise<void> {
    this.#syncing ??= this.#load().finally(() => {
      this.#syncing = undefined;
    });
    await this.#syncing;
  }

  async #syncEarly(): Promise<void> {
    this.#earlySync ??= this.#afterPause().finally(() => {
      this.#earlySync = undefined;
    });
    await this.#earlySync;
  }

  async #afterPause(): Promise<void> {
    await this.#syncing;
    const age = this.#now() - this.#syncedAt;
    if (age >= 0 && age < EARLY_SYNC_PAUSE) await delay(EARLY_SYNC_PAUSE - age);
    await this.#sync();
  }

  async #load(): Promise<void> {
    const startedAt = this.#now();
    const since = Math.max(0, this.#syncedAt - OVERLAP);
    const [keys, blacklisted, raised] = await Promise.all([
      this.#database.select<KeyRow>(
        sql`SELECT kid, secret, primary_slot AS primarySlot, created_at AS createdAt, expires_at AS expiresAt
            FROM jwt_keys WHERE expires_at IS NULL OR expires_at > ${startedAt}`,
      ),
      this.#database.select<{ jti: string; expiresAt: number }>(
        sql`SELECT jti, expires_at AS expiresAt FROM jwt_blacklist
            WHERE created_at >= ${since} AND expires_at > ${startedAt}`,
      ),
      this.#database.select<RaisedRow>(
        sql`SELECT member_id AS memberId, session_generation AS generation, generation_raised_at AS raisedAt
            FROM member_credentials
            WHERE generation_raised_at >= ${since}
              AND generation_raised_at >= (SELECT MIN(created_at) FROM jwt_keys
                                           WHERE expires_at IS NULL OR expires_at > ${startedAt}) - ${OVERLAP}`,
      ),
    ]);
    const known = this.#keys;
    this.#keys = new Map(
      keys.map((row) => [
        row.kid,
        {
          secret: known.get(row.kid)?.secret ?? createSecretKey(Buffer.from(row.secret, "hex")),
          isPrimary: row.primarySlot === 1,
          expiresAt: row.expiresAt ?? undefined,
        },
      ]),
    );
    for (const { jti, expiresAt } of blacklisted) this.#blacklist.set(jti, expiresAt);
    for (const row of raised) this.#raise(row);
    this.#forget(startedAt, Math.min(...keys.map(({ createdAt }) => createdAt)) - OVERLAP);
    this.#syncedAt = startedAt;
  }

  #raise({ memberId, generation, raisedAt }: RaisedRow): void {
    const known = this.#generations.get(memberId);
    if (known === undefined || known.generation < generation)
      this.#generations.set(memberId, { generation, raisedAt });
  }

  /** Drops what no token can be affected by: every token that verifies is younger than the oldest key. */
  #forget(now: number, oldestKeyAt: number): void {
    for (const [jti, expiresAt] of this.#blacklist) if (expiresAt <= now) this.#blacklist.delete(jti);
    for (const [memberId, { raisedAt }] of this.#generations)
      if (raisedAt < oldestKeyAt) this.#generations.delete(memberId);
  }
}

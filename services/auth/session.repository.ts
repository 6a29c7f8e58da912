import type { Transaction } from "sequelize";
import type { Config } from "../../config/index.ts";
import type { TokenPair } from "../../contracts/dto/tokens.ts";
import type { Database } from "../../lib/sql/database.ts";
import { inList, sql } from "../../lib/sql/sql.ts";
import { signAccessToken } from "./access-tokens.ts";
import { newRefreshToken, refreshTokenHash } from "./refresh-tokens.ts";
import type { SigningKeyRepository } from "./signing-key.repository.ts";

export type RevocationReason = "ROTATED" | "LOGOUT" | "LOGOUT_ALL" | "REUSE" | "PASSWORD" | "WITHDRAWAL";

export interface RefreshTokenRow {
  readonly id: number;
  readonly member_id: number;
  readonly session_id: string;
  readonly session_generation: number;
  readonly expires_at: number;
  readonly revoked_at: number | null;
  readonly revoked_reason: RevocationReason | null;
}

export interface LivingAccessToken {
  readonly jti: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Refresh tokens, the sessions they form, and the access tokens issued with them. */
export class SessionRepository {
  readonly #database: Database;
  readonly #keys: SigningKeyRepository;
  readonly #tokens: Config["tokens"];

  constructor(database: Database, keys: SigningKeyRepository, tokens: Config["tokens"]) {
    this.#database = database;
    this.#keys = keys;
    this.#tokens = tokens;
  }

  /**
   * Issues a pair of tokens. The primary key is read in this transaction: a node with an old idea of it would hand
   * out tokens that ask for a refresh at once.
   */
  async issue(
    session: { readonly memberId: number; readonly sessionId: string; readonly generation: number },
    transaction: Transaction,
  ): Promise<TokenPair> {
    const now = Date.now();
    const key = await this.#keys.primaryOrThrow(transaction);
    const member = { id: session.memberId, generation: session.generation };
    const access = signAccessToken(key, member, this.#tokens.accessTtl, now);
    const refreshToken = newRefreshToken();
    await this.#database.insert(
      sql`INSERT INTO refresh_tokens (member_id, session_id, token_hash, access_jti, access_expires_at,
                                      session_generation, created_at, expires_at)
          VALUES (${session.memberId}, ${session.sessionId}, ${refreshTokenHash(refreshToken)}, ${access.jti},
                  ${access.expiresAt * 1_000}, ${session.generation}, ${now}, ${now + this.#tokens.refreshTtl})`,
      { transaction },
    );
    return {
      accessToken: access.token,
      expiresIn: access.expiresAt - Math.floor(now / 1_000),
      refreshToken,
      refreshExpiresIn: Math.floor(this.#tokens.refreshTtl / 1_000),
    };
  }

  /** Whose token is it? Without a lock: the credentials are locked first. */
  async findOwner(refreshToken: string, transaction: Transaction): Promise<number | undefined> {
    const row = await this.#database.selectOne<{ member_id: number }>(
      sql`SELECT member_id FROM refresh_tokens WHERE token_hash = ${refreshTokenHash(refreshToken)}`,
      { transaction },
    );
    return row?.member_id;
  }

  async lock(refreshToken: string, transaction: Transaction): Promise<RefreshTokenRow | undefined> {
    return this.#database.selectOne<RefreshTokenRow>(
      sql`SELECT id, member_id, session_id, session_generation, expires_at, revoked_at, revoked_reason
          FROM refresh_tokens WHERE token_hash = ${refreshTokenHash(refreshToken)}${this.#database.forUpdate}`,
      { transaction },
    );
  }

  /** The session that an access token belongs to. */
  async findSessionId(jti: string, transaction: Transaction): Promise<string | undefined> {
    const row = await this.#database.selectOne<{ session_id: string }>(
      sql`SELECT session_id FROM refresh_tokens WHERE access_jti = ${jti}`,
      { transaction },
    );
    return row?.session_id;
  }

  async revoke(id: number, reason: RevocationReason, transaction: Transaction): Promise<void> {
    await this.#database.execute(
      sql`UPDATE refresh_tokens SET revoked_at = ${Date.now()}, revoked_reason = ${reason}
          WHERE id = ${id} AND revoked_at IS NULL`,
      { transaction },
    );
  }

  async revokeSession(sessionId: string, reason: RevocationReason, transaction: Transaction): Promise<void> {
    await this.#database.execute(
      sql`UPDATE refresh_tokens SET revoked_at = ${Date.now()}, revoked_reason = ${reason}
          WHERE session_id = ${sessionId} AND revoked_at IS NULL`,
      { transaction },
    );
  }

  async revokeAll(memberId: number, reason: RevocationReason, transaction: Transaction): Promise<void> {
    await this.#database.execute(
      sql`UPDATE refresh_tokens SET revoked_at = ${Date.now()}, revoked_reason = ${reason}
          WHERE member_id = ${memberId} AND revoked_at IS NULL`,
      { transaction },
    );
  }

  /** Has the session a refresh token that can still be used? */
  async isAlive(sessionId: string, transaction: Transaction): Promise<boolean> {
    const row = await this.#database.selectOne(
      sql`SELECT id FROM refresh_tokens
          WHERE session_id = ${sessionId} AND revoked_at IS NULL AND expires_at > ${Date.now()} LIMIT 1`,
      { transaction },
    );
    return row !== undefined;
  }

  /** The session's access tokens that are not over yet. */
  async livingAccessTokens(sessionId: string, transaction: Transaction): Promise<LivingAccessToken[]> {
    return this.#database.select<LivingAccessToken>(
      sql`SELECT access_jti AS jti, access_expires_at AS expiresAt FROM refresh_tokens
          WHERE session_id = ${sessionId} AND access_expires_at > ${Date.now()}`,
      { transaction },
    );
  }

  /** Puts access tokens on the blacklist; those that are there stay. */
  async blacklist(
    memberId: number,
    tokens: readonly LivingAccessToken[],
    transaction: Transaction,
  ): Promise<void> {
    if (tokens.length === 0) return;
    const known = await this.#database.select<{ jti: string }>(
      sql`SELECT jti FROM jwt_blacklist WHERE jti IN ${inList(tokens.map(({ jti }) => jti))}`,
      { transaction },
    );
    const listed = new Set(known.map(({ jti }) => jti));
    for (const { jti, expiresAt } of tokens.filter((token) => !listed.has(token.jti))) {
      await this.#database.insert(
        sql`INSERT INTO jwt_blacklist (jti, member_id, created_at, expires_at)
            VALUES (${jti}, ${memberId}, ${Date.now()}, ${expiresAt})`,
        { transaction },
      );
    }
  }
}

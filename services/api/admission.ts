import type { Config } from "../../config/index.ts";
import { domainError } from "../../contracts/errors.ts";
import type { AccessTokenVerifier, VerifiedToken } from "./authentication/access-token-verifier.ts";
import type { RefreshTokenLookup } from "./authentication/refresh-token-lookup.ts";
import type { Endpoint } from "./endpoints.ts";
import type { RateLimits } from "./rate-limits.ts";

/** What decides whether a request gets in. */
export interface Applicant {
  readonly address: string;
  readonly authorization: string | undefined;
  readonly refreshToken: string | undefined;
  readonly body: unknown;
}

/**
 * The gate of the API: who is it, and not too often? Services behind it never look at a header.
 */
export class Admission {
  readonly #verifier: AccessTokenVerifier;
  readonly #refreshTokens: RefreshTokenLookup;
  readonly #limits: RateLimits;
  readonly #rates: Config["gateway"]["rateLimits"];

  constructor(
    verifier: AccessTokenVerifier,
    refreshTokens: RefreshTokenLookup,
    limits: RateLimits,
    rates: Config["gateway"]["rateLimits"],
  ) {
    this.#verifier = verifier;
    this.#refreshTokens = refreshTokens;
    this.#limits = limits;
    this.#rates = rates;
  }

  /**
   * The caller of an endpoint; undefined on public ones, where a bad token doesn't matter.
   * @throws TOO_MANY_REQUEST, or a 401 of the token table
   */
  async admitOrThrow(endpoint: Endpoint, applicant: Applicant): Promise<VerifiedToken | undefined> {
    if (endpoint.rest.auth === "none") {
      await this.#limits.takeOrThrow("general", `a:${applicant.address}`);
      await this.#takeStricterOrThrow(endpoint, applicant);
      return undefined;
    }
    const verdict = await this.#verifier.verify(applicant.authorization);
    const key = verdict.ok ? `m:${verdict.token.memberId}` : `a:${applicant.address}`;
    await this.#limits.takeOrThrow("general", key);
    if (verdict.ok) return verdict.token;

    const { code, remedy } = verdict.refusal;
    const { refreshToken } = applicant;
    const canRefresh =
      remedy === "refresh" &&
      (!refreshToken || (await this.#refreshTokens.find(refreshToken))?.state === "ALIVE");
    throw domainError(code, { session: canRefresh ? "refresh" : "relogin" });
  }

  async #takeStricterOrThrow(endpoint: Endpoint, applicant: Applicant): Promise<void> {
    const kind = endpoint.rest.rateLimit;
    if (kind === undefined || this.#rates[kind] === 0) return;
    if (kind === "login") {
      await this.#limits.takeOrThrow(kind, `${emailOf(applicant.body)}|${applicant.address}`);
    } else if (kind === "refresh") {
      await this.#limits.takeOrThrow(kind, await this.#sessionKey(applicant));
    } else {
      await this.#limits.takeOrThrow(kind, applicant.address);
    }
  }

  /** A proxy may hide many clients behind one address: known sessions are counted each on its own. */
  async #sessionKey({ refreshToken, address }: Applicant): Promise<string> {
    const known = refreshToken ? await this.#refreshTokens.find(refreshToken) : undefined;
    return known ? `s:${known.sessionId}` : `a:${address}`;
  }
}

function emailOf(body: unknown): string {
  const { email } = Object(body) as { email?: unknown };
  return typeof email === "string" ? email.slice(0, 100).toLowerCase() : "";
}

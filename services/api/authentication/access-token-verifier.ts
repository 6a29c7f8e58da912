import jwt, { type JwtPayload } from "jsonwebtoken";
import { LRUCache } from "lru-cache";
import type { ErrorCode } from "../../../contracts/errors.ts";
import { BLACKLIST_KEY_PREFIX } from "../../../contracts/tokens.ts";
import type { KeyValueStore } from "../../../lib/key-value/key-value-store.ts";
import type { SecurityView, SigningKey } from "./security-view.ts";

export interface VerifiedToken {
  readonly memberId: number;
  readonly jti: string;
  /** Unix seconds. */
  readonly expiresAt: number;
  /** `former`: a key that was replaced and is in its grace; the client should refresh soon. */
  readonly signedBy: "primary" | "former";
}

export type TokenVerdict =
  | { readonly ok: true; readonly token: VerifiedToken }
  | {
      readonly ok: false;
      readonly refusal: { readonly code: ErrorCode; readonly remedy: "relogin" | "refresh" };
    };

interface Claims {
  readonly jti: string;
  readonly memberId: number;
  readonly generation: number;
  readonly expiresAt: number;
  readonly kid: string;
}

/** Tokens whose signature was found good. */
const CACHED_TOKENS = 10_000;
/** Longer than any token of ours; whatever is longer isn't worth parsing. */
const LONGEST_TOKEN = 2_000;

const refused = (code: ErrorCode, remedy: "relogin" | "refresh" = "relogin"): TokenVerdict => ({
  ok: false,
  refusal: { code, remedy },
});

/** Checks access tokens, row by row as the contract's token table says. */
export class AccessTokenVerifier {
  readonly #view: SecurityView;
  readonly #keyValue: KeyValueStore;
  readonly #now: () => number;
  readonly #verified = new LRUCache<string, Claims>({ max: CACHED_TOKENS });

  constructor(view: SecurityView, keyValue: KeyValueStore, now: () => number = Date.now) {
    this.#view = view;
    this.#keyValue = keyValue;
    this.#now = now;
  }

  /** Decides about an `Authorization` header. @throws SERVICE_UNAVAILABLE when the view can't be synced */
  async verify(header: string | undefined): Promise<TokenVerdict> {
    const token = /^Bearer (\S+)$/i.exec(header ?? "")?.[1];
    if (token === undefined) return refused("BEARER_TOKEN_MISSING");
    if (token.length > LONGEST_TOKEN) return refused("INVALID_TOKEN");

    const known = this.#verified.get(token);
    const kid = known?.kid ?? kidOf(token);
    if (kid === undefined) return refused("INVALID_TOKEN");
    await this.#view.ensureFresh();
    const key = await this.#view.findKey(kid);
    if (!key) return refused("JWT_KEY_EXPIRED", "refresh");

    const claims = known ?? claimsOf(token, key, kid);
    if (!claims) return refused("INVALID_TOKEN");
    if (claims.expiresAt * 1_000 <= this.#now()) return refused("JWT_EXPIRED", "refresh");
    if (await this.#isRevoked(claims, known ? "KNOWN" : "NEW")) return refused("TOKEN_BLACKLISTED");
    if (!known) this.#verified.set(token, claims, { ttl: claims.expiresAt * 1_000 - this.#now() });
    return {
      ok: true,
      token: {
        memberId: claims.memberId,
        jti: claims.jti,
        expiresAt: claims.expiresAt,
        signedBy: key.isPrimary ? "primary" : "former",
      },
    };
  }

  /**
   * The view decides. Redis may only add: a token met for the first time is asked for there too, so that a log-out
   * elsewhere counts at once; without an answer, or with "not there", nothing follows.
   */
  async #isRevoked(claims: Claims, acquaintance: "KNOWN" | "NEW"): Promise<boolean> {
    if (this.#view.isBlacklisted(claims.jti)) return true;
    if (this.#view.isOutdated(claims.memberId, claims.generation)) return true;
    if (acquaintance === "KNOWN") return false;
    const answer = await this.#keyValue.get(BLACKLIST_KEY_PREFIX + claims.jti).catch(() => null);
    return answer !== null;
  }
}

function kidOf(token: string): string | undefined {
  const header = parsed(token.split(".", 1)[0] ?? "");
  const { kid, alg } = Object(header) as { kid?: unknown; alg?: unknown };
  return typeof kid === "string" && alg === "HS256" ? kid : undefined;
}

function parsed(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString());
  } catch {
    return undefined;
  }
}

/** The claims of a token with a good signature and the right shape; expiry is judged later, since the cache skips this. */
function claimsOf(token: string, key: SigningKey, kid: string): Claims | undefined {
  let payload: JwtPayload | string;
  try {
    payload = jwt.verify(token, key.secret, { algorithms: ["HS256"], ignoreExpiration: true });
  } catch {
    return undefined;
  }
  const { jti, id, sub, gen, exp } = Object(payload) as Record<string, unknown>;
  const isRight =
    typeof jti === "string" &&
    Number.isSafeInteger(id) &&
    sub === String(id) &&
    Number.isSafeInteger(gen) &&
    Number.isSafeInteger(exp);
  if (!isRight) return undefined;
  return { jti, memberId: id as number, generation: gen as number, expiresAt: exp as number, kid };
}

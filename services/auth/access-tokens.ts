import { createSecretKey, randomUUID } from "node:crypto";
import jwt from "jsonwebtoken";

export interface PrimaryKey {
  readonly kid: string;
  /** 256 bits, as hex. */
  readonly secret: string;
}

export interface IssuedAccessToken {
  readonly token: string;
  readonly jti: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** Signs an access token. `ttl`: milliseconds. `generation`: of the member's sessions, since two tokens of one second look alike by time. */
export function signAccessToken(
  key: PrimaryKey,
  member: { readonly id: number; readonly generation: number },
  ttl: number,
  now: number,
): IssuedAccessToken {
  const jti = randomUUID();
  const issuedAt = Math.floor(now / 1_000);
  const expiresAt = issuedAt + Math.max(1, Math.floor(ttl / 1_000));
  const claims = {
    jti,
    sub: String(member.id),
    id: member.id,
    gen: member.generation,
    iat: issuedAt,
    exp: expiresAt,
  };
  const secret = createSecretKey(Buffer.from(key.secret, "hex"));
  return { token: jwt.sign(claims, secret, { algorithm: "HS256", keyid: key.kid }), jti, expiresAt };
}

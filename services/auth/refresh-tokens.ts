import { createHash, randomBytes } from "node:crypto";

/** 256 bits that only the client keeps. */
export function newRefreshToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What the table keeps of a refresh token: a random value needs no slow hash. */
export function refreshTokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

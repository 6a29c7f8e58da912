/** Key of a logged-out access token in the key-value store, before its id; lives as long as the token would have. */
export const BLACKLIST_KEY_PREFIX = "member:authentication:blacklist:";

/** Event to every node, after the commit. The tables decide; this only spares gateways the wait for their next look. */
export const TOKENS_REVOKED = "auth.tokensRevoked";

export interface RevokedAccessToken {
  readonly jti: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export interface TokensRevoked {
  readonly accessTokens: readonly RevokedAccessToken[];
  /** All access tokens of the member with an older session generation. */
  readonly generation?: { readonly memberId: number; readonly generation: number };
}

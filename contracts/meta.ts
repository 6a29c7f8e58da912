/** What the gateway passes on with every call. Services trust this, never a header. */
export interface RequestMeta {
  /** The authenticated member; absent on public endpoints and internal calls. */
  memberId?: number;
  /** The access token's own id and session generation, for actions that end or renew the session. */
  accessToken?: AccessTokenIdentity;
}

export interface AccessTokenIdentity {
  readonly jti: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

import { type Static, type TSchema, Type } from "@sinclair/typebox";

/** A pair of fresh tokens, on its way from auth to the gateway, which turns it into a header and a cookie. */
export const TokenPair = Type.Object({
  accessToken: Type.String(),
  /** Life of the access token in seconds. */
  expiresIn: Type.Integer(),
  refreshToken: Type.String(),
  /** Life of the refresh token in seconds. */
  refreshExpiresIn: Type.Integer(),
});
export type TokenPair = Static<typeof TokenPair>;

/** Result of an action that opens or renews a session: the client sees `data` as the body, the tokens elsewhere. */
export function WithTokens<T extends TSchema>(data: T) {
  return Type.Object({ data, tokens: TokenPair });
}

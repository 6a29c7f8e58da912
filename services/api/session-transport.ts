import { parseCookie as parse, stringifySetCookie as serialize } from "cookie";
import type { TokenPair } from "../../contracts/dto/tokens.ts";

const REFRESH_COOKIE = "refresh_token";

/** The refresh token that a request brought along. */
export function refreshTokenOf(cookieHeader: string | undefined): string | undefined {
  return cookieHeader ? parse(cookieHeader)[REFRESH_COOKIE] : undefined;
}

/** Headers that hand a fresh pair of tokens to the client. */
export function sessionHeaders(tokens: TokenPair, secure: boolean): Record<string, string> {
  return {
    Authorization: `Bearer ${tokens.accessToken}`,
    "Set-Cookie": refreshCookie(tokens.refreshToken, tokens.refreshExpiresIn, secure),
  };
}

/** Headers that make the client forget its refresh token. */
export function endedSessionHeaders(secure: boolean): Record<string, string> {
  return { "Set-Cookie": refreshCookie("", 0, secure) };
}

function refreshCookie(value: string, maxAge: number, secure: boolean): string {
  return serialize({
    name: REFRESH_COOKIE,
    value,
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    maxAge,
    secure,
  });
}

import { type TSchema, Type } from "@sinclair/typebox";
import { Done } from "../../../contracts/dto/scalars.ts";
import { type TokenPair, WithTokens } from "../../../contracts/dto/tokens.ts";
import { domainError } from "../../../contracts/errors.ts";
import { type AuthThis, authAction } from "../auth.types.ts";
import type { LivingAccessToken, RefreshTokenRow } from "../session.repository.ts";

/** Milliseconds in which a token that was just exchanged may come again without harm: two tabs refresh at once. */
const REUSE_LEEWAY = 10_000;

const RefreshedTokens = Type.Object({ accessToken: Type.String(), expiresIn: Type.Integer() });

type Outcome =
  | { readonly kind: "RENEWED"; readonly tokens: TokenPair }
  | { readonly kind: "TOO_LATE" | "REFUSED" }
  | { readonly kind: "REUSED"; readonly ended: readonly LivingAccessToken[] };

/** Exchanges a refresh token for a new pair. */
async function renewOrThrow(auth: AuthThis, refreshToken: string | undefined): Promise<TokenPair> {
  const outcome = refreshToken ? await exchange(auth, refreshToken) : ({ kind: "REFUSED" } as const);
  if (outcome.kind === "RENEWED") return outcome.tokens;
  if (outcome.kind === "TOO_LATE") throw domainError("INVALID_TOKEN", { session: "refresh" });
  if (outcome.kind === "REUSED") await auth.announceRevoked({ accessTokens: outcome.ended });
  throw domainError("INVALID_TOKEN", { session: "relogin" });
}

/** One transaction, whose outcome is no error: what a re-use revokes must be committed. */
function exchange(auth: AuthThis, refreshToken: string): Promise<Outcome> {
  const { sessions, credentials } = auth;
  return auth.database.transaction(async (transaction): Promise<Outcome> => {
    const memberId = await sessions.findOwner(refreshToken, transaction);
    if (memberId === undefined) return { kind: "REFUSED" };
    const member = await credentials.lock(memberId, transaction);
    const token = await sessions.lock(refreshToken, transaction);
    if (!member || !token) return { kind: "REFUSED" };

    if (token.revoked_at !== null) {
      if (wasJustExchanged(token)) {
        // Without a living successor there is nothing to refresh with: the session was ended after the exchange.
        const goesOn = await sessions.isAlive(token.session_id, transaction);
        return { kind: goesOn ? "TOO_LATE" : "REFUSED" };
      }
      // Somebody has a copy: whoever holds a token of this log-in, thief or owner, has to log in again.
      const ended = await sessions.livingAccessTokens(token.session_id, transaction);
      await sessions.revokeSession(token.session_id, "REUSE", transaction);
      await sessions.blacklist(memberId, ended, transaction);
      return { kind: "REUSED", ended };
    }
    if (token.expires_at <= Date.now() || token.session_generation < member.generation)
      return { kind: "REFUSED" };
    await sessions.revoke(token.id, "ROTATED", transaction);
    const session = { memberId, sessionId: token.session_id, generation: member.generation };
    return { kind: "RENEWED", tokens: await sessions.issue(session, transaction) };
  });
}

function wasJustExchanged({ revoked_at, revoked_reason }: RefreshTokenRow): boolean {
  return revoked_reason === "ROTATED" && Date.now() - Number(revoked_at) <= REUSE_LEEWAY;
}

/** The two published forms differ in their answer only. */
function refreshAction<D extends TSchema>(path: string, data: D, present: (tokens: TokenPair) => unknown) {
  return authAction({
    rest: { method: "POST", path, auth: "none", rateLimit: "refresh", session: "renews" },
    summary: "Exchange the refresh cookie for a new pair of tokens",
    params: Type.Object({ refreshToken: Type.Optional(Type.String()) }),
    returns: WithTokens(data),
    errors: ["INVALID_TOKEN"],
    async handler(ctx) {
      const tokens = await renewOrThrow(this, ctx.params.refreshToken);
      return { data: present(tokens), tokens } as never;
    },
  });
}

export const refreshToken = refreshAction("/token/refresh", Done, () => true);

export const refreshSession = refreshAction("/authentication/refresh", RefreshedTokens, (tokens) => ({
  accessToken: tokens.accessToken,
  expiresIn: tokens.expiresIn,
}));

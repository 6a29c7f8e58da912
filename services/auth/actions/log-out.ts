import { callerId } from "../../../contracts/action.ts";
import { Done, Nothing } from "../../../contracts/dto/scalars.ts";
import { authAction } from "../auth.types.ts";

export const logOut = authAction({
  rest: { method: "POST", path: "/authentication/logout", session: "closes" },
  summary: "Log out: this session's tokens are dead",
  params: Nothing,
  returns: Done,
  async handler(ctx) {
    const memberId = callerId(ctx);
    const { accessToken } = ctx.meta;
    if (!accessToken) throw new Error("This action needs ctx.meta.accessToken");
    const ended = await this.database.transaction(async (transaction) => {
      await this.credentials.lock(memberId, transaction);
      const sessionId = await this.sessions.findSessionId(accessToken.jti, transaction);
      const caller = { jti: accessToken.jti, expiresAt: accessToken.expiresAt * 1_000 };
      const others = sessionId ? await this.sessions.livingAccessTokens(sessionId, transaction) : [];
      if (sessionId) await this.sessions.revokeSession(sessionId, "LOGOUT", transaction);
      const tokens = [caller, ...others.filter(({ jti }) => jti !== caller.jti)];
      await this.sessions.blacklist(memberId, tokens, transaction);
      const event = { type: "MEMBER_LOGOUT", memberId, at: Date.now() } as const;
      await this.outbox.append([event], { transaction, requestId: ctx.requestID });
      return tokens;
    });
    await this.announceRevoked({ accessTokens: ended });
    return true as const;
  },
});

export const logOutAll = authAction({
  rest: { method: "POST", path: "/authentication/logout-all", session: "closes" },
  summary: "Log out everywhere: every older token of mine is dead",
  params: Nothing,
  returns: Done,
  async handler(ctx) {
    const memberId = callerId(ctx);
    const generation = await this.database.transaction(async (transaction) => {
      const credentials = await this.credentials.lock(memberId, transaction);
      if (!credentials) return undefined;
      await this.sessions.revokeAll(memberId, "LOGOUT_ALL", transaction);
      const raised = await this.credentials.raiseGeneration(credentials, Date.now(), transaction);
      const event = { type: "MEMBER_LOGOUT", memberId, at: Date.now() } as const;
      await this.outbox.append([event], { transaction, requestId: ctx.requestID });
      return raised;
    });
    if (generation !== undefined)
      await this.announceRevoked({ accessTokens: [], generation: { memberId, generation } });
    return true as const;
  },
});

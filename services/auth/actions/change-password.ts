import { randomUUID } from "node:crypto";
import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { Done } from "../../../contracts/dto/scalars.ts";
import { WithTokens } from "../../../contracts/dto/tokens.ts";
import { domainError } from "../../../contracts/errors.ts";
import { NewPasswordField, PasswordField } from "../auth.fields.ts";
import { authAction } from "../auth.types.ts";
import { hashPassword, passwordMatches } from "../passwords.ts";

export const changePassword = authAction({
  rest: { method: "PUT", path: "/authentication/password", session: "renews" },
  summary: "Change the password: every other session ends, this one goes on with the new pair of tokens",
  params: Type.Object({ currentPassword: PasswordField, newPassword: NewPasswordField }),
  returns: WithTokens(Done),
  errors: ["MEMBER_PASSWORD_INVALID"],
  bulkhead: "hashing",
  async handler(ctx) {
    const memberId = callerId(ctx);
    const { currentPassword, newPassword } = ctx.params;
    const before = await this.credentials.find(memberId);
    if (!before || !(await passwordMatches(currentPassword, before.passwordHash)))
      throw domainError("MEMBER_PASSWORD_INVALID");
    const passwordHash = await hashPassword(newPassword);
    const { generation, tokens } = await this.database.transaction(async (transaction) => {
      const credentials = await this.credentials.lock(memberId, transaction);
      if (credentials?.passwordHash !== before.passwordHash) throw domainError("MEMBER_PASSWORD_INVALID");
      const now = Date.now();
      const generation = await this.credentials.raiseGeneration(credentials, now, transaction);
      await this.credentials.setPassword(memberId, passwordHash, now, transaction);
      const jti = ctx.meta.accessToken?.jti ?? "";
      const sessionId = (await this.sessions.findSessionId(jti, transaction)) ?? randomUUID();
      // The caller's own token is exchanged, as by a refresh: another tab that is just refreshing does no harm.
      await this.sessions.revokeSession(sessionId, "ROTATED", transaction);
      await this.sessions.revokeAll(memberId, "PASSWORD", transaction);
      const session = { memberId, sessionId, generation };
      return { generation, tokens: await this.sessions.issue(session, transaction) };
    });
    await this.announceRevoked({ accessTokens: [], generation: { memberId, generation } });
    return { data: true as const, tokens };
  },
});

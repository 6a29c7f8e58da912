import { randomUUID } from "node:crypto";
import { Type } from "@sinclair/typebox";
import { callAction } from "../../../contracts/actions.ts";
import { LoginDto } from "../../../contracts/dto/member.ts";
import { WithTokens } from "../../../contracts/dto/tokens.ts";
import { domainError } from "../../../contracts/errors.ts";
import { PasswordField } from "../auth.fields.ts";
import { authAction } from "../auth.types.ts";

export const logIn = authAction({
  rest: { method: "POST", path: "/authentication/login", auth: "none", rateLimit: "login", session: "opens" },
  summary: "Log in: the access token comes in the header Authorization, the refresh token in a cookie",
  params: Type.Object({ email: Type.String({ maxLength: 1_000 }), password: PasswordField }),
  returns: WithTokens(LoginDto),
  errors: ["MEMBER_PASSWORD_INVALID"],
  bulkhead: "hashing",
  async handler(ctx) {
    const found = await this.providers.email?.authenticate(ctx.params);
    if (!found) throw domainError("MEMBER_PASSWORD_INVALID");
    const { memberId } = found;
    const [summary, email] = await Promise.all([
      callAction(ctx, "member.getSummary", { memberId }),
      this.accounts.findEmail(memberId),
    ]);
    const tokens = await this.database.transaction(async (transaction) => {
      const credentials = await this.credentials.lock(memberId, transaction);
      // Withdrawn, or the password changed, since it was compared.
      if (credentials?.passwordHash !== found.passwordHash) throw domainError("MEMBER_PASSWORD_INVALID");
      const session = { memberId, sessionId: randomUUID(), generation: credentials.generation };
      const issued = await this.sessions.issue(session, transaction);
      const event = { type: "MEMBER_LOGIN", memberId, at: Date.now() } as const;
      await this.outbox.append([event], { transaction, requestId: ctx.requestID });
      return issued;
    });
    return { data: { ...summary, email }, tokens };
  },
});

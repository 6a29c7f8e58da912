import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { Count, Done, Nothing } from "../../../contracts/dto/scalars.ts";
import { domainError } from "../../../contracts/errors.ts";
import { PasswordField } from "../auth.fields.ts";
import { authAction } from "../auth.types.ts";
import { passwordMatches } from "../passwords.ts";

export const withdraw = authAction({
  rest: { method: "DELETE", path: "/authentication/deactivate", status: 204, session: "closes" },
  summary: "Withdraw: erases personal data and follow relations; posts and comments stay, without a name",
  params: Type.Object({ password: PasswordField }),
  returns: Done,
  errors: ["MEMBER_PASSWORD_INVALID"],
  bulkhead: "hashing",
  async handler(ctx) {
    const memberId = callerId(ctx);
    const credentials = await this.credentials.find(memberId);
    if (!credentials || !(await passwordMatches(ctx.params.password, credentials.passwordHash)))
      throw domainError("MEMBER_PASSWORD_INVALID");
    const generation = await this.withdrawals.withdrawOrThrow(credentials, ctx.requestID);
    await this.announceRevoked({ accessTokens: [], generation: { memberId, generation } });
    return true as const;
  },
});

/** Milliseconds a run of the job may work. */
const JOB_BUDGET = 20_000;

export const continueWithdrawals = authAction({
  summary: "Remove the follow relations that withdrawals of members with very many left",
  params: Nothing,
  returns: Type.Object({ removed: Count }),
  async handler() {
    const deadline = Date.now() + JOB_BUDGET;
    let removed = 0;
    for (let count = -1; count !== 0 && Date.now() < deadline; ) {
      count = await this.withdrawals.removeLeftRelations();
      removed += count;
    }
    return { removed };
  },
});

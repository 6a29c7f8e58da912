import { Type } from "@sinclair/typebox";
import { callerOf } from "../../../contracts/action.ts";
import { Done, Id } from "../../../contracts/dto/scalars.ts";
import { domainError } from "../../../contracts/errors.ts";
import { FOLLOW_LIMIT } from "../follow.repository.ts";
import { memberAction } from "../member.types.ts";

export const follow = memberAction({
  rest: { method: "POST", path: "/members/follow/{memberId}", status: 201 },
  summary: `Follow a member; at most ${FOLLOW_LIMIT}`,
  params: Type.Object({ memberId: Id }),
  returns: Done,
  errors: [
    "FOLLOW_SELF_NOT_ALLOWED",
    "FOLLOW_LIMIT_EXCEEDS",
    "MEMBER_NOT_FOUND",
    "FOLLOW_RELATIONSHIP_ALREADY_EXISTS",
  ],
  async handler(ctx) {
    const caller = callerOf(ctx);
    const { memberId } = ctx.params;
    if (memberId === caller.id) throw domainError("FOLLOW_SELF_NOT_ALLOWED");
    await this.follows.followOrThrow(caller, memberId);
    return true as const;
  },
});

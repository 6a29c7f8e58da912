import { Type } from "@sinclair/typebox";
import { callerOf } from "../../../contracts/action.ts";
import { Done, Id } from "../../../contracts/dto/scalars.ts";
import { memberAction } from "../member.types.ts";

export const unfollow = memberAction({
  rest: { method: "DELETE", path: "/members/follow/{memberId}", status: 204 },
  summary: "Stop following a member",
  params: Type.Object({ memberId: Id }),
  returns: Done,
  errors: ["MEMBER_NOT_FOUND", "FOLLOW_RELATIONSHIP_NOT_FOUND"],
  async handler(ctx) {
    await this.follows.unfollowOrThrow(callerOf(ctx), ctx.params.memberId);
    return true as const;
  },
});

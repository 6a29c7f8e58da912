import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { MemberProfileDto } from "../../../contracts/dto/member.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { toProfile } from "../member.mapper.ts";
import { memberAction } from "../member.types.ts";

export const getProfile = memberAction({
  rest: { method: "GET", path: ["/members/{memberId}/profile", "/members/profile/{memberId}"] },
  summary: "A member's profile, as far as its privacy level lets the caller see it",
  params: Type.Object({ memberId: Id }),
  returns: MemberProfileDto,
  errors: ["MEMBER_NOT_FOUND"],
  async handler(ctx) {
    const readerId = callerId(ctx);
    return toProfile(await this.members.findProfileOrThrow(ctx.params.memberId, readerId), readerId);
  },
});

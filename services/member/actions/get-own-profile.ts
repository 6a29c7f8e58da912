import { callerId } from "../../../contracts/action.ts";
import { MemberProfileDto } from "../../../contracts/dto/member.ts";
import { Nothing } from "../../../contracts/dto/scalars.ts";
import { toProfile } from "../member.mapper.ts";
import { memberAction } from "../member.types.ts";

export const getOwnProfile = memberAction({
  rest: { method: "GET", path: "/members/profile" },
  summary: "The caller's own profile",
  params: Nothing,
  returns: MemberProfileDto,
  errors: ["MEMBER_NOT_FOUND"],
  async handler(ctx) {
    const readerId = callerId(ctx);
    return toProfile(await this.members.findProfileOrThrow(readerId, readerId), readerId);
  },
});

import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { FOLLOW_LIST_PARAMS, MemberScroll, readFollowList } from "../follow-lists.ts";
import { memberAction } from "../member.types.ts";

export const listFollowings = memberAction({
  rest: { method: "GET", path: "/members/{memberId}/followings/more" },
  summary: "A member's followings, newest relation first",
  params: Type.Object({ memberId: Id, ...FOLLOW_LIST_PARAMS }),
  returns: MemberScroll,
  errors: ["MEMBER_NOT_FOUND", "INVALID_CURSOR", "PAGE_TOO_DEEP"],
  async handler(ctx) {
    return readFollowList(this, "followings", ctx.params.memberId, callerId(ctx), ctx.params);
  },
});

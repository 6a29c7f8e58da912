import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { FOLLOW_LIST_PARAMS, MemberScroll, readFollowList } from "../follow-lists.ts";
import { memberAction } from "../member.types.ts";

export const listOwnFollowers = memberAction({
  rest: { method: "GET", path: "/members/followers/more" },
  summary: "The caller's followers, newest relation first",
  params: Type.Object(FOLLOW_LIST_PARAMS),
  returns: MemberScroll,
  errors: ["INVALID_CURSOR", "PAGE_TOO_DEEP"],
  async handler(ctx) {
    const readerId = callerId(ctx);
    return readFollowList(this, "followers", readerId, readerId, ctx.params);
  },
});

import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { FOLLOW_OVERVIEW_PARAMS, FollowOverview, readFollowOverview } from "../follow-lists.ts";
import { memberAction } from "../member.types.ts";

export const getOwnFollowersFollowings = memberAction({
  rest: { method: "GET", path: "/members/followers-followings" },
  summary: "The caller's followers and followings; their cursors continue at the list of each side",
  params: Type.Object(FOLLOW_OVERVIEW_PARAMS),
  returns: FollowOverview,
  errors: ["PAGE_TOO_DEEP"],
  async handler(ctx) {
    const readerId = callerId(ctx);
    return readFollowOverview(this, readerId, readerId, ctx.params);
  },
});

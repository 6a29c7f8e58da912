import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { FOLLOW_OVERVIEW_PARAMS, FollowOverview, readFollowOverview } from "../follow-lists.ts";
import { memberAction } from "../member.types.ts";

export const getFollowersFollowings = memberAction({
  rest: { method: "GET", path: "/members/{memberId}/followers-followings" },
  summary: "A member's followers and followings; their cursors continue at the list of each side",
  params: Type.Object({ memberId: Id, ...FOLLOW_OVERVIEW_PARAMS }),
  returns: FollowOverview,
  errors: ["MEMBER_NOT_FOUND", "PAGE_TOO_DEEP"],
  async handler(ctx) {
    return readFollowOverview(this, ctx.params.memberId, callerId(ctx), ctx.params);
  },
});

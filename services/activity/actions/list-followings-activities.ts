import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { callAction } from "../../../contracts/actions.ts";
import { FollowedActivityDto } from "../../../contracts/dto/activity.ts";
import { pagingParams, Scroll } from "../../../contracts/dto/paging.ts";
import { pageRequestOrThrow, scrollOf, shownRows } from "../../../lib/paging/page-request.ts";
import { callIfAnswered } from "../../../lib/resilience/degradation.ts";
import { toFollowedActivity } from "../activity.mapper.ts";
import { activityAction } from "../activity.types.ts";
import { BANNER_TYPES } from "../activity-groups.ts";
import { DEFAULT_SIZE, filteredRows, orderOf } from "../activity-pages.ts";
import { livingRecords } from "../living-records.ts";

/** Four queries: whom I follow, what they did, what of it still exists, and who they are. */
export const listFollowingsActivities = activityAction({
  rest: { method: "GET", path: "/member-activities/followings" },
  summary: "What the members I follow did with posts and comments that still exist, newest first",
  params: Type.Object(pagingParams(DEFAULT_SIZE)),
  returns: Scroll(FollowedActivityDto),
  errors: ["INVALID_CURSOR", "PAGE_TOO_DEEP"],
  async handler(ctx) {
    const memberId = callerId(ctx);
    const order = orderOf(`activities-followings:${memberId}`);
    const request = pageRequestOrThrow(order, ctx.params, DEFAULT_SIZE);
    const followingIds = await callAction(ctx, "member.listFollowingIds", { memberId });
    if (followingIds.length === 0) return scrollOf(order, request, [], []);
    const rows = await filteredRows(
      {
        list: (after, limit) => this.activities.listOfMembers(followingIds, BANNER_TYPES, after, limit),
        keep: (records) => livingRecords(ctx, records),
      },
      request,
    );
    const shown = shownRows(request, rows);
    const memberIds = [...new Set(shown.map((record) => record.memberId))];
    const actors =
      memberIds.length > 0 ? await callIfAnswered(ctx, "member.getSummaries", { memberIds }) : [];
    const byId = actors && new Map(actors.map((actor) => [actor.memberId, actor]));
    const content = shown.map((record) =>
      toFollowedActivity(record, byId ? byId.get(record.memberId) : "UNKNOWN"),
    );
    return scrollOf(order, request, rows, content);
  },
});

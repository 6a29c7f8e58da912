import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { MemberActivityDto } from "../../../contracts/dto/activity.ts";
import { pagingParams, Scroll } from "../../../contracts/dto/paging.ts";
import { pageRequestOrThrow, scrollOf, shownRows } from "../../../lib/paging/page-request.ts";
import { toActivity } from "../activity.mapper.ts";
import { activityAction } from "../activity.types.ts";
import { DEFAULT_SIZE, orderOf } from "../activity-pages.ts";

export const listOwnActivities = activityAction({
  rest: { method: "GET", path: "/member-activities" },
  summary: "What I did, newest first",
  params: Type.Object(pagingParams(DEFAULT_SIZE)),
  returns: Scroll(MemberActivityDto),
  errors: ["INVALID_CURSOR", "PAGE_TOO_DEEP"],
  async handler(ctx) {
    const memberId = callerId(ctx);
    const order = orderOf(`activities:${memberId}`);
    const request = pageRequestOrThrow(order, ctx.params, DEFAULT_SIZE);
    const rows = await this.activities.listOfMember(memberId, request);
    return scrollOf(order, request, rows, shownRows(request, rows).map(toActivity));
  },
});

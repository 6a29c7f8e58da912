import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { Page } from "../../../contracts/dto/paging.ts";
import { PostDto } from "../../../contracts/dto/post.ts";
import { dateRangeOrThrow } from "../date-range.ts";
import { FEED_PARAMS, readPostsInRange } from "../post-pages.ts";
import { timelineAction } from "../timeline.types.ts";

const Moment = (description: string) =>
  Type.String({
    format: "instant",
    maxLength: 40,
    description: `${description}: ISO 8601 date-time, UTC where it has no offset`,
  });

export const listPostsInDateRange = timelineAction({
  rest: { method: "GET", path: "/timeline/posts/date-range" },
  summary: "Posts created in a range of at most 366 days, newest first, with totals",
  params: Type.Object({
    startDate: Moment("First moment"),
    endDate: Moment("Last moment, included"),
    ...FEED_PARAMS,
  }),
  returns: Page(PostDto),
  async handler(ctx) {
    const { startDate, endDate, ...paging } = ctx.params;
    const readerId = callerId(ctx);
    return this.read(readerId, (repositories) =>
      readPostsInRange(repositories, dateRangeOrThrow(startDate, endDate), paging, readerId),
    );
  },
});

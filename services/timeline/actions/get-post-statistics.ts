import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { Count, Id } from "../../../contracts/dto/scalars.ts";
import { timelineAction } from "../timeline.types.ts";

export const getPostStatistics = timelineAction({
  rest: { method: "GET", path: "/timeline/statistics/posts/{id}" },
  summary: "A post's counters",
  params: Type.Object({ id: Id }),
  returns: Type.Object(
    { commentCount: Count, likeCount: Count, viewCount: Count },
    { title: "PostStatistics" },
  ),
  errors: ["POST_NOT_FOUND"],
  handler(ctx) {
    return this.read(callerId(ctx), ({ posts }) => posts.findStatisticsOrThrow(ctx.params.id));
  },
});

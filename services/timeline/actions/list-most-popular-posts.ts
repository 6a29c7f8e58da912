import { callerId } from "../../../contracts/action.ts";
import { Scroll } from "../../../contracts/dto/paging.ts";
import { PostDto } from "../../../contracts/dto/post.ts";
import { RANKING_PARAMS, readRanking } from "../ranking.ts";
import { timelineAction } from "../timeline.types.ts";

export const listMostPopularPosts = timelineAction({
  rest: { method: "GET", path: "/timeline/posts/most-popular" },
  summary: "Posts by views and likes (a like counts twice), then newest",
  params: RANKING_PARAMS,
  returns: Scroll(PostDto),
  handler(ctx) {
    const readerId = callerId(ctx);
    return this.read(readerId, (repositories) => readRanking(repositories, "popular", ctx.params, readerId));
  },
});

import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { Scroll } from "../../../contracts/dto/paging.ts";
import { PostDto } from "../../../contracts/dto/post.ts";
import { FEED_PARAMS, readRecentPosts } from "../post-pages.ts";
import { timelineAction } from "../timeline.types.ts";

export const listRecentPosts = timelineAction({
  rest: { method: "GET", path: "/timeline/posts/recent-activities" },
  summary: "Posts of all members, newest first",
  params: Type.Object(FEED_PARAMS),
  returns: Scroll(PostDto),
  handler(ctx) {
    const readerId = callerId(ctx);
    return this.read(readerId, (repositories) => readRecentPosts(repositories, ctx.params, readerId));
  },
});

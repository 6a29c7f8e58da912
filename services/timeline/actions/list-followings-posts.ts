import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { Scroll } from "../../../contracts/dto/paging.ts";
import { PostDto } from "../../../contracts/dto/post.ts";
import { FEED_PARAMS, isDeep, readFollowFeed } from "../post-pages.ts";
import { timelineAction } from "../timeline.types.ts";

export const listFollowingsPosts = timelineAction({
  rest: { method: "GET", path: "/timeline/posts/followings" },
  summary: "Posts of the members I follow, newest first",
  params: Type.Object(FEED_PARAMS),
  returns: Scroll(PostDto),
  async handler(ctx) {
    if (isDeep(ctx.params)) return ctx.call("timeline.listFollowingsPostsDeep", ctx.params);
    const readerId = callerId(ctx);
    return this.read(readerId, (repositories) => readFollowFeed(repositories, ctx.params, readerId));
  },
});

import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { Scroll } from "../../../contracts/dto/paging.ts";
import { PostDto } from "../../../contracts/dto/post.ts";
import { FEED_PARAMS, readFollowFeed } from "../post-pages.ts";
import { timelineAction } from "../timeline.types.ts";

/** Pages by number that skip much, one at a time, since each may read a lot. Other pages of the feed don't wait. */
export const listFollowingsPostsDeep = timelineAction({
  params: Type.Object(FEED_PARAMS),
  returns: Scroll(PostDto),
  bulkhead: "deepRead",
  idempotent: true,
  handler(ctx) {
    const readerId = callerId(ctx);
    return this.read(readerId, (repositories) => readFollowFeed(repositories, ctx.params, readerId));
  },
});

import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { Scroll } from "../../../contracts/dto/paging.ts";
import { PostDto } from "../../../contracts/dto/post.ts";
import { AUTHOR_PARAMS, readAuthorPosts } from "../post-pages.ts";
import { timelineAction } from "../timeline.types.ts";

export const listOwnPosts = timelineAction({
  rest: { method: "GET", path: "/timeline/posts" },
  summary: "My posts, newest first",
  params: Type.Object(AUTHOR_PARAMS),
  returns: Scroll(PostDto),
  handler(ctx) {
    const memberId = callerId(ctx);
    return this.read(memberId, (repositories) =>
      readAuthorPosts(repositories, memberId, ctx.params, memberId),
    );
  },
});

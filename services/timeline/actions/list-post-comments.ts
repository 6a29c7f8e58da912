import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { pagingParams, Scroll } from "../../../contracts/dto/paging.ts";
import { CommentDto } from "../../../contracts/dto/post.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { COMMENT_SIZES, readPostComments } from "../comment-pages.ts";
import { timelineAction } from "../timeline.types.ts";

export const listPostComments = timelineAction({
  rest: { method: "GET", path: "/timeline/posts/{id}/comments" },
  summary: "Comments on a post itself, without replies, oldest first",
  params: Type.Object({ id: Id, ...pagingParams(COMMENT_SIZES.ofPost) }),
  returns: Scroll(CommentDto),
  errors: ["POST_NOT_FOUND"],
  handler(ctx) {
    const { id, ...paging } = ctx.params;
    const readerId = callerId(ctx);
    return this.read(readerId, (repositories) => readPostComments(repositories, id, paging, readerId));
  },
});

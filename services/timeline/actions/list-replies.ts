import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { pagingParams, Scroll } from "../../../contracts/dto/paging.ts";
import { CommentDto } from "../../../contracts/dto/post.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { COMMENT_SIZES, readReplies } from "../comment-pages.ts";
import { timelineAction } from "../timeline.types.ts";

export const listReplies = timelineAction({
  rest: { method: "GET", path: "/timeline/comments/{id}/replies" },
  summary: "Direct replies to a comment, oldest first",
  params: Type.Object({ id: Id, ...pagingParams(COMMENT_SIZES.replies) }),
  returns: Scroll(CommentDto),
  errors: ["COMMENT_NOT_FOUND"],
  handler(ctx) {
    const { id, ...paging } = ctx.params;
    const readerId = callerId(ctx);
    return this.read(readerId, (repositories) => readReplies(repositories, id, paging, readerId));
  },
});

import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { Page, pagingParams } from "../../../contracts/dto/paging.ts";
import { CommentDto } from "../../../contracts/dto/post.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { COMMENT_SIZES, readAllPostComments } from "../comment-pages.ts";
import { timelineAction } from "../timeline.types.ts";

/** For search without a keyword. Nothing under a post that doesn't exist. */
export const listAllPostComments = timelineAction({
  params: Type.Object({ postId: Id, ...pagingParams(COMMENT_SIZES.allOfPost) }),
  returns: Page(CommentDto),
  idempotent: true,
  handler(ctx) {
    const { postId, ...paging } = ctx.params;
    const readerId = callerId(ctx);
    return this.read(readerId, (repositories) => readAllPostComments(repositories, postId, paging, readerId));
  },
});

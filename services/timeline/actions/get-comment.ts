import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { CommentDto } from "../../../contracts/dto/post.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { timelineAction } from "../timeline.types.ts";

export const getComment = timelineAction({
  rest: { method: "GET", path: "/timeline/comments/{id}" },
  summary: "One comment",
  params: Type.Object({ id: Id }),
  returns: CommentDto,
  errors: ["COMMENT_NOT_FOUND"],
  async handler(ctx) {
    const readerId = callerId(ctx);
    const comment = await this.read(readerId, ({ comments }) =>
      comments.findOrThrow(ctx.params.id, readerId),
    );
    const { id: commentId, postId } = comment;
    this.readEvents.note({ type: "COMMENT_READ", memberId: readerId, postId, commentId, at: Date.now() });
    return comment;
  },
});

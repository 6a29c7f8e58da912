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
  handler(ctx) {
    return this.comments.findOrThrow(ctx.params.id, callerId(ctx));
  },
});

import { Type } from "@sinclair/typebox";
import { callerOf } from "../../../contracts/action.ts";
import { CommentDto } from "../../../contracts/dto/post.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { toComment } from "../content.mapper.ts";
import { contentAction } from "../content.types.ts";
import { CommentContentField } from "../content-fields.ts";

export const updateComment = contentAction({
  rest: { method: "PUT", path: "/comments/{id}" },
  summary: "Edit an own comment",
  params: Type.Object({ id: Id, content: CommentContentField }),
  returns: CommentDto,
  errors: ["COMMENT_NOT_FOUND", "COMMENT_MODIFICATION_PERMISSION_DENIED"],
  async handler(ctx) {
    const { id, content } = ctx.params;
    const comment = await this.comments.updateOrThrow(id, callerOf(ctx), content);
    return toComment(comment, comment, comment.liked === 1);
  },
});

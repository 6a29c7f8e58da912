import { Type } from "@sinclair/typebox";
import { callerOf } from "../../../contracts/action.ts";
import { CommentDto } from "../../../contracts/dto/post.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { toComment } from "../content.mapper.ts";
import { contentAction } from "../content.types.ts";
import { CommentContentField } from "../content-fields.ts";

export const createComment = contentAction({
  rest: { method: "POST", path: "/comments" },
  summary: "Comment on a post",
  params: Type.Object({ content: CommentContentField, postId: Id }),
  returns: CommentDto,
  errors: ["POST_NOT_FOUND"],
  async handler(ctx) {
    const { postId, content } = ctx.params;
    const author = callerOf(ctx);
    const comment = await this.comments.createOrThrow(author, postId, content);
    return toComment(comment, await this.authors.find(author.id), false);
  },
});

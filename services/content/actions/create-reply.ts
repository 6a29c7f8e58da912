import { Type } from "@sinclair/typebox";
import { callerOf } from "../../../contracts/action.ts";
import { CommentDto } from "../../../contracts/dto/post.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { toComment } from "../content.mapper.ts";
import { contentAction } from "../content.types.ts";
import { CommentContentField } from "../content-fields.ts";

export const createReply = contentAction({
  rest: { method: "POST", path: "/comments/replies" },
  summary: "Reply to a comment; comments have three levels",
  params: Type.Object({ content: CommentContentField, postId: Id, parentId: Id }),
  returns: CommentDto,
  errors: [
    "POST_NOT_FOUND",
    "PARENT_COMMENT_NOT_FOUND",
    "PARENT_COMMENT_POST_ID_NOT_EQUALS",
    "COMMENT_DEPTH_LIMIT_EXCEEDS",
  ],
  async handler(ctx) {
    const { postId, parentId, content } = ctx.params;
    const author = callerOf(ctx);
    const comment = await this.comments.createReplyOrThrow(author, postId, parentId, content);
    return toComment(comment, await this.authors.find(author.id), false);
  },
});

import { Type } from "@sinclair/typebox";
import { callerOf } from "../../../contracts/action.ts";
import { Done, Id } from "../../../contracts/dto/scalars.ts";
import { contentAction } from "../content.types.ts";

export const likeComment = contentAction({
  rest: { method: "POST", path: "/comments/{id}/like", status: 201 },
  summary: "Like a comment",
  params: Type.Object({ id: Id }),
  returns: Done,
  errors: ["COMMENT_NOT_FOUND", "COMMENT_LIKE_ALREADY_EXISTS"],
  async handler(ctx) {
    await this.likes.likeCommentOrThrow(ctx.params.id, callerOf(ctx));
    return true as const;
  },
});

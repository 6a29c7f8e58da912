import { Type } from "@sinclair/typebox";
import { callerOf } from "../../../contracts/action.ts";
import { Done, Id } from "../../../contracts/dto/scalars.ts";
import { contentAction } from "../content.types.ts";

export const unlikeComment = contentAction({
  rest: { method: "DELETE", path: "/comments/{id}/like", status: 204 },
  summary: "Take back a like of a comment",
  params: Type.Object({ id: Id }),
  returns: Done,
  errors: ["COMMENT_NOT_FOUND", "COMMENT_LIKE_NOT_EXISTS"],
  async handler(ctx) {
    await this.likes.unlikeCommentOrThrow(ctx.params.id, callerOf(ctx));
    return true as const;
  },
});

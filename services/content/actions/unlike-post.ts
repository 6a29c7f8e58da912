import { Type } from "@sinclair/typebox";
import { callerOf } from "../../../contracts/action.ts";
import { Done, Id } from "../../../contracts/dto/scalars.ts";
import { contentAction } from "../content.types.ts";

export const unlikePost = contentAction({
  rest: { method: "DELETE", path: "/posts/{id}/like" },
  summary: "Take back a like of a post",
  params: Type.Object({ id: Id }),
  returns: Done,
  errors: ["POST_NOT_FOUND", "POST_LIKE_CANCEL_ALREADY_COMMITTED"],
  async handler(ctx) {
    await this.likes.unlikePostOrThrow(ctx.params.id, callerOf(ctx));
    return true as const;
  },
});

import { Type } from "@sinclair/typebox";
import { callerOf } from "../../../contracts/action.ts";
import { Done, Id } from "../../../contracts/dto/scalars.ts";
import { contentAction } from "../content.types.ts";

export const likePost = contentAction({
  rest: { method: "POST", path: "/posts/{id}/like" },
  summary: "Like a post",
  params: Type.Object({ id: Id }),
  returns: Done,
  errors: ["POST_NOT_FOUND", "POST_LIKE_ALREADY_EXISTS"],
  async handler(ctx) {
    await this.likes.likePostOrThrow(ctx.params.id, callerOf(ctx));
    return true as const;
  },
});

import { Type } from "@sinclair/typebox";
import { callerOf } from "../../../contracts/action.ts";
import { Done, Id } from "../../../contracts/dto/scalars.ts";
import { contentAction } from "../content.types.ts";

export const deletePost = contentAction({
  rest: { method: "DELETE", path: "/posts/{id}" },
  summary: "Delete an own post",
  params: Type.Object({ id: Id }),
  returns: Done,
  errors: ["POST_NOT_FOUND", "POST_DELETE_FORBIDDEN"],
  async handler(ctx) {
    await this.posts.deleteOrThrow(ctx.params.id, callerOf(ctx));
    return true as const;
  },
});

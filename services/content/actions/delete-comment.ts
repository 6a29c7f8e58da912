import { Type } from "@sinclair/typebox";
import { callerOf } from "../../../contracts/action.ts";
import { Done, Id } from "../../../contracts/dto/scalars.ts";
import { contentAction } from "../content.types.ts";

export const deleteComment = contentAction({
  rest: { method: "DELETE", path: "/comments/{id}" },
  summary: "Delete an own comment with everything under it",
  params: Type.Object({ id: Id }),
  returns: Done,
  errors: ["COMMENT_NOT_FOUND", "COMMENT_DELETION_PERMISSION_DENIED"],
  async handler(ctx) {
    await this.comments.deleteOrThrow(ctx.params.id, callerOf(ctx));
    return true as const;
  },
});

import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { CommentDto } from "../../../contracts/dto/post.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { timelineAction } from "../timeline.types.ts";

/** For services that know comments by id: in the order asked, each once; those that don't exist are left out. */
export const queryComments = timelineAction({
  params: Type.Object({ ids: Type.Array(Id, { maxItems: 1_000 }) }),
  returns: Type.Array(CommentDto),
  bulkhead: "bulkRead",
  idempotent: true,
  handler(ctx) {
    return this.primary.comments.listByIds(ctx.params.ids, callerId(ctx));
  },
});

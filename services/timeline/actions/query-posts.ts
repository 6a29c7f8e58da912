import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { PostDto } from "../../../contracts/dto/post.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { timelineAction } from "../timeline.types.ts";

export const queryPosts = timelineAction({
  rest: { method: "POST", path: "/timeline/posts/query/list" },
  summary: "Posts by their ids, in the order asked, each once; unknown ones are left out",
  params: Type.Object({ ids: Type.Array(Id, { maxItems: 1_000 }) }),
  returns: Type.Array(PostDto),
  bulkhead: "bulkRead",
  idempotent: true,
  handler(ctx) {
    return this.primary.posts.listByIds(ctx.params.ids, callerId(ctx));
  },
});

import { Type } from "@sinclair/typebox";
import { Id } from "../../../contracts/dto/scalars.ts";
import { contentAction } from "../content.types.ts";

const Ids = Type.Array(Id, { maxItems: 1_000 });

/** For services that keep references to posts and comments. At most two statements. */
export const findExisting = contentAction({
  params: Type.Object({ postIds: Ids, commentIds: Ids }),
  returns: Type.Object({
    postIds: Type.Array(Id),
    comments: Type.Array(Type.Object({ id: Id, postId: Id })),
  }),
  idempotent: true,
  async handler(ctx) {
    const [postIds, comments] = await Promise.all([
      this.posts.listExistingIds(ctx.params.postIds),
      this.comments.listExisting(ctx.params.commentIds),
    ]);
    return { postIds, comments };
  },
});

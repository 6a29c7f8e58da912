import { Type } from "@sinclair/typebox";
import { Count, Id } from "../../../contracts/dto/scalars.ts";
import { contentAction } from "../content.types.ts";

/** For readers of posts, which collect views and hand them over in batches. */
export const recordViews = contentAction({
  params: Type.Object({
    views: Type.Array(
      Type.Object({
        postId: Id,
        memberId: Id,
        viewedAt: Type.Integer({ minimum: 0, description: "Epoch milliseconds" }),
      }),
      { maxItems: 1_000 },
    ),
  }),
  returns: Type.Object({ counted: Count }),
  timeout: 10_000,
  async handler(ctx) {
    return { counted: await this.views.record(ctx.params.views) };
  },
});

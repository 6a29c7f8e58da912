import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { PostDto } from "../../../contracts/dto/post.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { timelineAction } from "../timeline.types.ts";

export const getPost = timelineAction({
  rest: { method: "GET", path: "/timeline/posts/{id}" },
  summary: "One post; counts a view, once for each reader and hour, unless the reader wrote it",
  params: Type.Object({ id: Id }),
  returns: PostDto,
  errors: ["POST_NOT_FOUND"],
  async handler(ctx) {
    const readerId = callerId(ctx);
    const post = await this.read(readerId, ({ posts }) => posts.findOrThrow(ctx.params.id, readerId));
    const at = Date.now();
    this.readEvents.note({ type: "POST_READ", memberId: readerId, postId: post.id, at });
    if (post.authorId !== readerId) {
      this.views.note({ postId: post.id, memberId: readerId, viewedAt: at });
    }
    return post;
  },
});

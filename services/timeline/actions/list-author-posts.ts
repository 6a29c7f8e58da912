import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { Scroll } from "../../../contracts/dto/paging.ts";
import { PostDto } from "../../../contracts/dto/post.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { AUTHOR_PARAMS, readAuthorPosts } from "../post-pages.ts";
import { timelineAction } from "../timeline.types.ts";

export const listAuthorPosts = timelineAction({
  rest: { method: "GET", path: "/timeline/posts/authors/{memberId}" },
  summary: "A member's posts, newest first",
  params: Type.Object({ memberId: Id, ...AUTHOR_PARAMS }),
  returns: Scroll(PostDto),
  errors: ["MEMBER_NOT_FOUND"],
  async handler(ctx) {
    const { memberId, ...paging } = ctx.params;
    const readerId = callerId(ctx);
    return this.read(readerId, async (repositories) => {
      await repositories.authors.assertExistsOrThrow(memberId);
      return readAuthorPosts(repositories, memberId, paging, readerId);
    });
  },
});

import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { pagingParams, Scroll } from "../../../contracts/dto/paging.ts";
import { CommentDto } from "../../../contracts/dto/post.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { COMMENT_SIZES, readMemberComments } from "../comment-pages.ts";
import { timelineAction } from "../timeline.types.ts";

export const listMemberComments = timelineAction({
  rest: { method: "GET", path: "/timeline/members/{memberId}/comments" },
  summary: "A member's comments, newest first",
  params: Type.Object({ memberId: Id, ...pagingParams(COMMENT_SIZES.ofMember) }),
  returns: Scroll(CommentDto),
  errors: ["MEMBER_NOT_FOUND"],
  async handler(ctx) {
    const { memberId, ...paging } = ctx.params;
    const readerId = callerId(ctx);
    return this.read(readerId, async (repositories) => {
      await repositories.authors.assertExistsOrThrow(memberId);
      return readMemberComments(repositories, memberId, COMMENT_SIZES.ofMember, paging, readerId);
    });
  },
});

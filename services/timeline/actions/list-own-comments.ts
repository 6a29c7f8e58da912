import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { pagingParams, Scroll } from "../../../contracts/dto/paging.ts";
import { CommentDto } from "../../../contracts/dto/post.ts";
import { COMMENT_SIZES, readMemberComments } from "../comment-pages.ts";
import { timelineAction } from "../timeline.types.ts";

export const listOwnComments = timelineAction({
  rest: { method: "GET", path: "/timeline/comments" },
  summary: "My comments, newest first",
  params: Type.Object(pagingParams(COMMENT_SIZES.own)),
  returns: Scroll(CommentDto),
  handler(ctx) {
    const memberId = callerId(ctx);
    return this.read(memberId, (repositories) =>
      readMemberComments(repositories, memberId, COMMENT_SIZES.own, ctx.params, memberId),
    );
  },
});

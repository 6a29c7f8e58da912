import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { MemberActivityDto } from "../../../contracts/dto/activity.ts";
import { Id, StringEnum } from "../../../contracts/dto/scalars.ts";
import { toActivity } from "../activity.mapper.ts";
import { activityAction } from "../activity.types.ts";
import { ACTIVITY_GROUPS } from "../activity-groups.ts";
import { assertCommentExistsOrThrow } from "../targets.ts";

/** Both paths about comments, which differ in the types they take. */
function commentActivity(
  path: string,
  summary: string,
  types: (typeof ACTIVITY_GROUPS)["comment" | "commentLike"],
) {
  return activityAction({
    rest: { method: "POST", path, status: 201 },
    summary,
    params: Type.Object({ postId: Id, commentId: Id, activityType: StringEnum(types) }),
    returns: MemberActivityDto,
    errors: ["POST_NOT_FOUND", "COMMENT_NOT_FOUND"],
    async handler(ctx) {
      const { postId, commentId, activityType: type } = ctx.params;
      await assertCommentExistsOrThrow(ctx, postId, commentId);
      return toActivity(await this.recorder.record({ memberId: callerId(ctx), postId, commentId, type }));
    },
  });
}

export const recordCommentActivity = commentActivity(
  "/member-activities/comments",
  "Record that I did something with a comment",
  ACTIVITY_GROUPS.comment,
);
export const recordCommentLikeActivity = commentActivity(
  "/member-activities/comments/likes",
  "Record that I liked a comment, or no longer do",
  ACTIVITY_GROUPS.commentLike,
);

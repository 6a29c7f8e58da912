import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { MemberActivityDto } from "../../../contracts/dto/activity.ts";
import { Id, StringEnum } from "../../../contracts/dto/scalars.ts";
import { toActivity } from "../activity.mapper.ts";
import { activityAction } from "../activity.types.ts";
import { ACTIVITY_GROUPS } from "../activity-groups.ts";
import { assertPostExistsOrThrow } from "../targets.ts";

/** Both paths about posts, which differ in the types they take. */
function postActivity(path: string, summary: string, types: (typeof ACTIVITY_GROUPS)["post" | "postLike"]) {
  return activityAction({
    rest: { method: "POST", path, status: 201 },
    summary,
    params: Type.Object({ postId: Id, activityType: StringEnum(types) }),
    returns: MemberActivityDto,
    errors: ["POST_NOT_FOUND"],
    async handler(ctx) {
      const { postId, activityType: type } = ctx.params;
      await assertPostExistsOrThrow(ctx, postId);
      return toActivity(
        await this.recorder.record({ memberId: callerId(ctx), postId, commentId: null, type }),
      );
    },
  });
}

export const recordPostActivity = postActivity(
  "/member-activities/posts",
  "Record that I did something with a post",
  ACTIVITY_GROUPS.post,
);
export const recordPostLikeActivity = postActivity(
  "/member-activities/posts/likes",
  "Record that I liked a post, or no longer do",
  ACTIVITY_GROUPS.postLike,
);

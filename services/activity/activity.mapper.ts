import type { FollowedActivityDto, MemberActivityDto } from "../../contracts/dto/activity.ts";
import type { MemberSummaryDto } from "../../contracts/dto/member.ts";
import { WITHDRAWN_AUTHOR_NAME } from "../../contracts/dto/post.ts";
import type { ActivityRecord } from "../../lib/documents/activity-record.ts";

export function toActivity(record: ActivityRecord): MemberActivityDto {
  const { id, memberId, postId, commentId, memberActivityType, createdAt, updatedAt } = record;
  return {
    id,
    memberId,
    postId,
    commentId,
    memberActivityType,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

/** `actor` is undefined once the member has withdrawn, and UNKNOWN while nobody can be asked. */
export function toFollowedActivity(
  record: ActivityRecord,
  actor: MemberSummaryDto | undefined | "UNKNOWN",
): FollowedActivityDto {
  if (actor === "UNKNOWN") {
    return { ...toActivity(record), actorName: "", actorHandle: null, actorAvatarUrl: null };
  }
  return {
    ...toActivity(record),
    actorName: actor?.displayName ?? WITHDRAWN_AUTHOR_NAME,
    actorHandle: actor?.handle ?? null,
    actorAvatarUrl: actor?.avatarUrl ?? null,
  };
}

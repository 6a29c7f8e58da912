import { ACTIVITY_TYPES, type ActivityType } from "../../contracts/events.ts";

/** Types that a correction can exchange for each other: what the act was done to stays. */
export const ACTIVITY_GROUPS = {
  post: ["POST_CREATE", "POST_UPDATE", "POST_DELETE", "POST_READ"],
  comment: ["COMMENT_CREATE", "COMMENT_UPDATE", "COMMENT_DELETE", "COMMENT_READ"],
  postLike: ["LIKE_POST", "LIKE_POST_CANCEL"],
  commentLike: ["LIKE_COMMENT", "LIKE_COMMENT_CANCEL"],
  member: ["MEMBER_SIGNUP", "MEMBER_LOGIN", "MEMBER_LOGOUT", "MEMBER_FOLLOW", "MEMBER_UNFOLLOW"],
} as const satisfies Record<string, readonly ActivityType[]>;

const GROUPS: readonly (readonly ActivityType[])[] = Object.values(ACTIVITY_GROUPS);

export function groupOf(type: ActivityType): readonly ActivityType[] {
  return GROUPS.find((group) => group.includes(type)) ?? [];
}

/** What followers are told of: no reads, no deletions, nothing about the member itself. */
export const BANNER_TYPES: readonly ActivityType[] = ACTIVITY_TYPES.filter(
  (type) => /^(POST|COMMENT)_(CREATE|UPDATE)$/.test(type) || type.startsWith("LIKE_"),
);

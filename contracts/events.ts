import { type Static, Type } from "@sinclair/typebox";
import { Id, Nullable, StringEnum, Timestamp } from "./dto/scalars.ts";

/** What members do, as it is recorded. */
export const ACTIVITY_TYPES = [
  "POST_CREATE",
  "POST_UPDATE",
  "POST_DELETE",
  "POST_READ",
  "COMMENT_CREATE",
  "COMMENT_UPDATE",
  "COMMENT_DELETE",
  "COMMENT_READ",
  "LIKE_POST",
  "LIKE_POST_CANCEL",
  "LIKE_COMMENT",
  "LIKE_COMMENT_CANCEL",
  "MEMBER_SIGNUP",
  "MEMBER_LOGIN",
  "MEMBER_LOGOUT",
  "MEMBER_FOLLOW",
  "MEMBER_UNFOLLOW",
] as const;
export type ActivityType = (typeof ACTIVITY_TYPES)[number];

/** Told to consumers, but not recorded as an activity. */
export const INTERNAL_TYPES = ["MEMBER_UPDATE", "MEMBER_WITHDRAW"] as const;

export const EVENT_TYPES = [...ACTIVITY_TYPES, ...INTERNAL_TYPES] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** The value of a message. `memberActivityType` keeps the name that existing consumers read. */
export const MemberActivityEvent = Type.Object({
  eventId: Type.String({ format: "uuid" }),
  memberId: Id,
  postId: Nullable(Id),
  commentId: Nullable(Id),
  memberActivityType: StringEnum(EVENT_TYPES),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type MemberActivityEvent = Static<typeof MemberActivityEvent>;

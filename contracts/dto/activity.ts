import { type Static, Type } from "@sinclair/typebox";
import { ACTIVITY_TYPES } from "../events.ts";
import { Id, Nullable, StringEnum, Timestamp } from "./scalars.ts";

const ACTIVITY_PROPERTIES = {
  id: Type.String({ format: "uuid" }),
  memberId: Id,
  postId: Nullable(Id),
  commentId: Nullable(Id),
  memberActivityType: StringEnum(ACTIVITY_TYPES),
  createdAt: Timestamp,
  updatedAt: Timestamp,
};

export const MemberActivityDto = Type.Object(ACTIVITY_PROPERTIES, { title: "MemberActivity" });
export type MemberActivityDto = Static<typeof MemberActivityDto>;

export const FollowedActivityDto = Type.Object(
  {
    ...ACTIVITY_PROPERTIES,
    actorName: Type.String({ description: "Display name" }),
    actorHandle: Nullable(Type.String()),
    actorAvatarUrl: Nullable(Type.String()),
  },
  { title: "FollowedActivity" },
);
export type FollowedActivityDto = Static<typeof FollowedActivityDto>;

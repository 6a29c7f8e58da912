import { type Static, Type } from "@sinclair/typebox";
import { Count, Id, Nullable, StringEnum, Timestamp } from "./scalars.ts";

export const GENDERS = ["MALE", "FEMALE", "OTHER", "PREFER_NOT_TO_SAY"] as const;
export const COUNTRY_CODES = ["KR", "US", "JP", "CN", "GB", "DE", "FR", "CA", "AU", "IN"] as const;
export const PRIVACY_LEVELS = ["PUBLIC", "FRIENDS", "PRIVATE"] as const;
export type PrivacyLevel = (typeof PRIVACY_LEVELS)[number];
export const VERIFICATION_STATUSES = ["UNVERIFIED", "VERIFIED"] as const;

/** The avatar address of a member without one. */
export const NO_IMAGE = "no-image";

export const MemberNameDto = Type.Object(
  { id: Id, name: Type.String({ description: "Display name" }) },
  { title: "MemberName" },
);
export type MemberNameDto = Static<typeof MemberNameDto>;

const SUMMARY_PROPERTIES = {
  memberId: Id,
  id: Id,
  memberHandle: Type.String(),
  handle: Type.String(),
  displayName: Type.String(),
  bio: Nullable(Type.String()),
  verificationStatus: StringEnum(VERIFICATION_STATUSES),
  avatarUrl: Type.String({ description: `"${NO_IMAGE}" if none` }),
  followersCount: Count,
  followingsCount: Count,
  followingCount: Type.Integer({ minimum: 0, description: "Same as followingsCount" }),
  following: Type.Boolean({ description: "Whether the caller follows this member" }),
  updatedAt: Timestamp,
};

export const MemberSummaryDto = Type.Object(
  {
    ...SUMMARY_PROPERTIES,
    memberName: Nullable(Type.String({ description: "Only the caller's own, else null" })),
  },
  { title: "MemberSummary" },
);
export type MemberSummaryDto = Static<typeof MemberSummaryDto>;

/** What log-in answers: the caller's own summary with the e-mail. */
export const LoginDto = Type.Composite([MemberSummaryDto, Type.Object({ email: Nullable(Type.String()) })], {
  title: "Login",
});
export type LoginDto = Static<typeof LoginDto>;

export const MemberProfileDto = Type.Object(
  {
    ...SUMMARY_PROPERTIES,
    memberName: Nullable(Type.String()),
    location: Nullable(Type.String()),
    websiteUrl: Nullable(Type.String()),
    birthDate: Nullable(Type.String({ format: "date" })),
    gender: Nullable(StringEnum(GENDERS)),
    timezone: Nullable(Type.String()),
    languageCode: Type.String(),
    countryCode: Nullable(StringEnum(COUNTRY_CODES)),
    privacyLevel: StringEnum(PRIVACY_LEVELS),
    profileCompletionScore: Type.Integer({ minimum: 0, maximum: 100 }),
    isActive: Type.Boolean(),
    coverUrl: Nullable(Type.String()),
    createdAt: Timestamp,
    email: Type.Optional(Nullable(Type.String({ description: "Only the caller's own" }))),
  },
  { title: "MemberProfile" },
);
export type MemberProfileDto = Static<typeof MemberProfileDto>;

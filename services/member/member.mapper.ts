import {
  type COUNTRY_CODES,
  type GENDERS,
  type MemberProfileDto,
  type MemberSummaryDto,
  NO_IMAGE,
  type PrivacyLevel,
  type VERIFICATION_STATUSES,
} from "../../contracts/dto/member.ts";

/** An active member as one reader sees it. */
export interface SummaryRow {
  readonly memberId: number;
  readonly name: string;
  readonly handle: string;
  readonly displayName: string | null;
  readonly bio: string | null;
  readonly verificationStatus: (typeof VERIFICATION_STATUSES)[number];
  readonly avatarUrl: string | null;
  readonly followersCount: number;
  readonly followingsCount: number;
  readonly updatedAt: number;
  /** Does the reader follow this member? */
  readonly following: 0 | 1;
}

export interface ProfileRow extends SummaryRow {
  readonly email: string | null;
  readonly location: string | null;
  readonly websiteUrl: string | null;
  readonly birthDate: string | null;
  readonly gender: (typeof GENDERS)[number] | null;
  readonly timezone: string | null;
  readonly languageCode: string;
  readonly countryCode: (typeof COUNTRY_CODES)[number] | null;
  readonly privacyLevel: PrivacyLevel;
  readonly coverUrl: string | null;
  readonly createdAt: number;
  /** Does this member follow the reader? */
  readonly followsReader: 0 | 1;
}

export function toSummary(row: SummaryRow, readerId: number): MemberSummaryDto {
  return {
    memberId: row.memberId,
    id: row.memberId,
    memberName: row.memberId === readerId ? row.name : null,
    memberHandle: row.handle,
    handle: row.handle,
    displayName: row.displayName ?? row.handle,
    bio: row.bio,
    verificationStatus: row.verificationStatus,
    avatarUrl: row.avatarUrl ?? NO_IMAGE,
    followersCount: row.followersCount,
    followingsCount: row.followingsCount,
    followingCount: row.followingsCount,
    following: row.following === 1,
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}

/**
 * The profile as the reader may see it: name, birth date, gender, location and website of another member only
 * where that member is public, or open to friends and the two follow each other. The e-mail is for its owner.
 */
export function toProfile(row: ProfileRow, readerId: number): MemberProfileDto {
  const isOwn = row.memberId === readerId;
  const showsAll = isOwn || isOpenToReader(row);
  return {
    ...toSummary(row, readerId),
    memberName: showsAll ? row.name : null,
    location: showsAll ? row.location : null,
    websiteUrl: showsAll ? row.websiteUrl : null,
    birthDate: showsAll ? row.birthDate : null,
    gender: showsAll ? row.gender : null,
    timezone: row.timezone,
    languageCode: row.languageCode,
    countryCode: row.countryCode,
    privacyLevel: row.privacyLevel,
    profileCompletionScore: completionScoreOf(row),
    isActive: true,
    coverUrl: row.coverUrl,
    createdAt: new Date(row.createdAt).toISOString(),
    ...(isOwn ? { email: row.email } : {}),
  };
}

function isOpenToReader(row: ProfileRow): boolean {
  const areFriends = row.following === 1 && row.followsReader === 1;
  return row.privacyLevel === "PUBLIC" || (row.privacyLevel === "FRIENDS" && areFriends);
}

/**
 * How complete a profile is: 10 points for each of its ten optional fields that is filled, 0..100.
 * Language and privacy level don't count: they always have a value.
 */
export function completionScoreOf(row: ProfileRow): number {
  const optional = [
    row.displayName,
    row.bio,
    row.location,
    row.websiteUrl,
    row.birthDate,
    row.gender,
    row.timezone,
    row.countryCode,
    row.avatarUrl,
    row.coverUrl,
  ];
  return optional.filter((value) => value !== null).length * 10;
}

import { describe, expect, test } from "vitest";
import { completionScoreOf, type ProfileRow, toProfile, toSummary } from "./member.mapper.ts";

const ROW: ProfileRow = {
  memberId: 7,
  name: "Kim Minji",
  email: "minji@example.com",
  handle: "Minji",
  displayName: null,
  bio: null,
  location: "Seoul",
  websiteUrl: "https://example.com",
  birthDate: "1999-12-31",
  gender: "FEMALE",
  timezone: null,
  languageCode: "ko",
  countryCode: null,
  privacyLevel: "PUBLIC",
  verificationStatus: "UNVERIFIED",
  avatarUrl: null,
  coverUrl: null,
  followersCount: 3,
  followingsCount: 2,
  createdAt: 0,
  updatedAt: 1_700_000_000_123,
  following: 0,
  followsReader: 0,
};
const HIDDEN = { memberName: null, location: null, websiteUrl: null, birthDate: null, gender: null };
const SHOWN = {
  memberName: "Kim Minji",
  location: "Seoul",
  websiteUrl: "https://example.com",
  birthDate: "1999-12-31",
  gender: "FEMALE",
};

describe("toSummary", () => {
  test("shows the handle and no-image where a member has no display name and no avatar", () => {
    expect(toSummary(ROW, 8)).toEqual({
      memberId: 7,
      id: 7,
      memberName: null,
      memberHandle: "Minji",
      handle: "Minji",
      displayName: "Minji",
      bio: null,
      verificationStatus: "UNVERIFIED",
      avatarUrl: "no-image",
      followersCount: 3,
      followingsCount: 2,
      followingCount: 2,
      following: false,
      updatedAt: "2023-11-14T22:13:20.123Z",
    });
  });

  test("shows the name only to the member", () => {
    expect(toSummary(ROW, 7).memberName).toBe("Kim Minji");
    expect(toSummary(ROW, 8).memberName).toBeNull();
  });
});

describe("toProfile", () => {
  test.each([
    ["PUBLIC", 0, 0, SHOWN],
    ["FRIENDS", 0, 0, HIDDEN],
    ["FRIENDS", 1, 0, HIDDEN],
    ["FRIENDS", 0, 1, HIDDEN],
    ["FRIENDS", 1, 1, SHOWN],
    ["PRIVATE", 1, 1, HIDDEN],
  ] as const)("%s, I follow: %i, follows me: %i", (privacyLevel, following, followsReader, expected) => {
    const profile = toProfile({ ...ROW, privacyLevel, following, followsReader }, 8);
    expect(profile).toMatchObject(expected);
    expect(profile.email).toBeUndefined();
  });

  test("hides nothing from its owner", () => {
    const profile = toProfile({ ...ROW, privacyLevel: "PRIVATE" }, 7);
    expect(profile).toMatchObject({ ...SHOWN, email: "minji@example.com" });
  });
});

describe("completionScoreOf", () => {
  test("counts 10 points for each filled optional field", () => {
    expect(completionScoreOf(ROW)).toBe(40);
    const bare = { location: null, websiteUrl: null, birthDate: null, gender: null };
    expect(completionScoreOf({ ...ROW, ...bare })).toBe(0);
    const full = {
      displayName: "M",
      bio: "b",
      timezone: "UTC",
      countryCode: "KR",
      avatarUrl: "/a",
      coverUrl: "/c",
    };
    expect(completionScoreOf({ ...ROW, ...full } as ProfileRow)).toBe(100);
  });
});

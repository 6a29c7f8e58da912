import { Type } from "@sinclair/typebox";
import { describe, expect, test } from "vitest";
import { AjvValidator } from "../../lib/validation/ajv-validator.ts";
import { givenOrNull, HandleField, MemberNameField, OPTIONAL_PROFILE_FIELDS } from "./profile-fields.ts";

const schema = Type.Object({ memberName: MemberNameField, handle: HandleField, ...OPTIONAL_PROFILE_FIELDS });
const check = new AjvValidator().compile(schema);
const accepts = (fields: object) => {
  try {
    return check({ memberName: "Kim Minji", handle: "minji", ...fields });
  } catch {
    return false;
  }
};
const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

describe("accepts", () => {
  test.each([
    { memberName: "김민" },
    { handle: "A_1" },
    { handle: "a".repeat(50) },
    { displayName: "😀".repeat(50) },
    { bio: "x".repeat(500) },
    { websiteUrl: "https://example.com/a?b=c" },
    { birthDate: "2000-02-29" },
    { timezone: "Asia/Seoul" },
    { timezone: "UTC" },
    { languageCode: "ko" },
    { languageCode: "pt-BR" },
    { countryCode: "IN" },
    { privacyLevel: "FRIENDS" },
    { avatarUrl: "/api/proxy/images/view/1" },
    { coverUrl: "http://example.com/x.png" },
    { unknown: 1 },
  ])("%j", (fields) => {
    expect(accepts(fields)).toBe(true);
  });

  test.each(Object.keys(OPTIONAL_PROFILE_FIELDS))("an empty or null %s", (field) => {
    expect(accepts({ [field]: "" })).toBe(true);
    expect(accepts({ [field]: null })).toBe(true);
  });
});

describe("refuses", () => {
  test.each([
    { memberName: "K" },
    { memberName: "   " },
    { memberName: "x".repeat(31) },
    { memberName: null },
    { handle: "ab" },
    { handle: "a".repeat(51) },
    { handle: "minji-kim" },
    { handle: "민지민지" },
    { handle: "minji\n" },
    { displayName: "😀".repeat(51) },
    { displayName: 1 },
    { bio: "x".repeat(501) },
    { location: "x".repeat(101) },
    { websiteUrl: "javascript:alert(1)" },
    { websiteUrl: `https://example.com/${"x".repeat(200)}` },
    { birthDate: "2001-02-29" },
    { birthDate: "01-02-2001" },
    { birthDate: tomorrow },
    { gender: "male" },
    { timezone: "Mars/Olympus" },
    { languageCode: "k" },
    { languageCode: "korean" },
    { countryCode: "XX" },
    { privacyLevel: "public" },
    { avatarUrl: "//evil.example/x.png" },
    { avatarUrl: "no-image" },
    { coverUrl: "ftp://example.com/x.png" },
  ])("%j", (fields) => {
    expect(accepts(fields)).toBe(false);
  });
});

test("an empty text counts as not given", () => {
  expect([givenOrNull(""), givenOrNull(null), givenOrNull(undefined), givenOrNull(" ")]).toEqual([
    null,
    null,
    null,
    " ",
  ]);
});

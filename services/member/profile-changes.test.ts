import { expect, test } from "vitest";
import { profileChangesOf } from "./profile-changes.ts";

test("absent and null leave a field as it is", () => {
  expect(profileChangesOf({ bio: null, privacyLevel: null, languageCode: null })).toEqual({});
});

test("an empty text clears an optional field", () => {
  expect(profileChangesOf({ bio: "", displayName: "", gender: "", birthDate: "", avatarUrl: "" })).toEqual({
    bio: null,
    displayName: null,
    gender: null,
    birthDate: null,
    avatarUrl: null,
  });
});

test("an empty language becomes the default, an empty privacy level changes nothing", () => {
  expect(profileChangesOf({ languageCode: "", privacyLevel: "" })).toEqual({ languageCode: "en" });
});

test("text is taken exactly as written", () => {
  expect(profileChangesOf({ bio: "  ok \n", privacyLevel: "PRIVATE" })).toEqual({
    bio: "  ok \n",
    privacyLevel: "PRIVATE",
  });
});

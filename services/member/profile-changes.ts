import {
  DEFAULT_LANGUAGE_CODE,
  givenOrNull,
  type OptionalProfileFields,
} from "../../contracts/dto/profile-fields.ts";
import type { ProfileChanges } from "./member.models.ts";

type Field = keyof OptionalProfileFields;

/** Fields that an empty text clears. */
const CLEARABLE = [
  "displayName",
  "bio",
  "location",
  "websiteUrl",
  "birthDate",
  "gender",
  "timezone",
  "countryCode",
  "avatarUrl",
  "coverUrl",
] as const satisfies readonly Field[];

/**
 * What an update changes: absent and null leave a field as it is, empty clears it. An empty language falls back to
 * the default; an empty privacy level is left as it is, since no slip of a form may open a profile.
 */
export function profileChangesOf(input: OptionalProfileFields): ProfileChanges {
  const changes: ProfileChanges = {};
  for (const field of CLEARABLE) {
    const value = input[field];
    if (value !== undefined && value !== null) changes[field] = givenOrNull(value);
  }
  if (typeof input.languageCode === "string") {
    changes.languageCode = givenOrNull(input.languageCode) ?? DEFAULT_LANGUAGE_CODE;
  }
  if (input.privacyLevel) changes.privacyLevel = input.privacyLevel;
  return changes;
}

import { type Static, type TString, type TUnsafe, Type } from "@sinclair/typebox";
import { COUNTRY_CODES, GENDERS, PRIVACY_LEVELS } from "./member.ts";
import { Nullable } from "./scalars.ts";

/** Letters, digits and underscores; two handles that differ only in case are the same handle. */
export const HANDLE_PATTERN = "^[a-zA-Z0-9_]{3,50}$";

export const DEFAULT_LANGUAGE_CODE = "en";
export const DEFAULT_PRIVACY_LEVEL = "PUBLIC";

export const MemberNameField = Type.String({ minLength: 2, maxLength: 30, format: "not-blank" });

export const HandleField = Type.String({
  pattern: HANDLE_PATTERN,
  description: "Unique, whatever the case",
});

/** May be absent, null or empty; what that means is the action's business. */
function optional<T extends TString | TUnsafe<string>>(schema: T) {
  return Type.Optional(Nullable(schema));
}

function optionalEnum<const T extends string>(values: readonly T[]) {
  return optional(Type.Unsafe<T | "">({ type: "string", enum: ["", ...values] }));
}

/**
 * The optional fields of a profile, as sign-up and profile update take them.
 * Sign-up: absent, null and empty all mean "not given".
 * Update: absent and null leave a field as it is, empty clears it.
 */
export const OPTIONAL_PROFILE_FIELDS = {
  displayName: optional(
    Type.String({ maxLength: 50, description: "The handle is shown where there is none" }),
  ),
  bio: optional(Type.String({ maxLength: 500 })),
  location: optional(Type.String({ maxLength: 100 })),
  websiteUrl: optional(Type.String({ maxLength: 200, format: "optional-http-url" })),
  birthDate: optional(Type.String({ format: "optional-past-date", description: "yyyy-MM-dd" })),
  gender: optionalEnum(GENDERS),
  timezone: optional(
    Type.String({ maxLength: 64, format: "optional-time-zone", description: "IANA name, e.g. Asia/Seoul" }),
  ),
  languageCode: optional(
    Type.String({
      format: "optional-language-code",
      description: `2 to 5 characters; "${DEFAULT_LANGUAGE_CODE}" where there is none`,
    }),
  ),
  countryCode: optionalEnum(COUNTRY_CODES),
  privacyLevel: optionalEnum(PRIVACY_LEVELS),
  avatarUrl: optional(
    Type.String({
      maxLength: 500,
      format: "optional-image-address",
      description: "http(s) URL, or an address that begins with a single /",
    }),
  ),
  coverUrl: optional(
    Type.String({
      maxLength: 500,
      format: "optional-image-address",
      description: "http(s) URL, or an address that begins with a single /",
    }),
  ),
};

const OptionalProfileFields = Type.Object(OPTIONAL_PROFILE_FIELDS);
export type OptionalProfileFields = Static<typeof OptionalProfileFields>;

/** The form in which handles are compared and kept unique. */
export function handleKeyOf(handle: string): string {
  return handle.toLowerCase();
}

/** The text as given; null where it is absent, null or empty. */
export function givenOrNull<T extends string>(value: T | "" | null | undefined): Exclude<T, ""> | null {
  return value === undefined || value === null || value === "" ? null : (value as Exclude<T, "">);
}

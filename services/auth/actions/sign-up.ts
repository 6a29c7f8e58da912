import { Type } from "@sinclair/typebox";
import { MemberNameDto } from "../../../contracts/dto/member.ts";
import {
  DEFAULT_LANGUAGE_CODE,
  DEFAULT_PRIVACY_LEVEL,
  givenOrNull,
  HandleField,
  handleKeyOf,
  MemberNameField,
  OPTIONAL_PROFILE_FIELDS,
} from "../../../contracts/dto/profile-fields.ts";
import { EmailField, NewPasswordField } from "../auth.fields.ts";
import { authAction } from "../auth.types.ts";
import { hashPassword } from "../passwords.ts";
import { EmailProvider } from "../providers/email-provider.ts";

export const signUp = authAction({
  rest: { method: "POST", path: "/authentication/signup", status: 201, auth: "none", rateLimit: "signup" },
  summary: "Sign up",
  params: Type.Object({
    email: EmailField,
    password: NewPasswordField,
    memberName: MemberNameField,
    handle: HandleField,
    ...OPTIONAL_PROFILE_FIELDS,
  }),
  returns: MemberNameDto,
  errors: ["MEMBER_ALREADY_EXISTS", "MEMBER_HANDLE_ALREADY_EXISTS"],
  bulkhead: "hashing",
  async handler(ctx) {
    const { email, password, memberName, handle, ...optional } = ctx.params;
    // Before the transaction: hashing takes long, and a transaction awaits nothing but SQL.
    const passwordHash = await hashPassword(password);
    const profile = {
      displayName: givenOrNull(optional.displayName),
      bio: givenOrNull(optional.bio),
      location: givenOrNull(optional.location),
      websiteUrl: givenOrNull(optional.websiteUrl),
      birthDate: givenOrNull(optional.birthDate),
      gender: givenOrNull(optional.gender),
      timezone: givenOrNull(optional.timezone),
      languageCode: givenOrNull(optional.languageCode) ?? DEFAULT_LANGUAGE_CODE,
      countryCode: givenOrNull(optional.countryCode),
      privacyLevel: givenOrNull(optional.privacyLevel) ?? DEFAULT_PRIVACY_LEVEL,
      avatarUrl: givenOrNull(optional.avatarUrl),
      coverUrl: givenOrNull(optional.coverUrl),
    };
    const account = { email, passwordHash, memberName, handle, handleKey: handleKeyOf(handle), profile };
    const id = await this.accounts.createOrThrow(account, EmailProvider.identityOf(email), ctx.requestID);
    return { id, name: profile.displayName ?? handle };
  },
});

import { Type } from "@sinclair/typebox";
import { callerId, callerOf } from "../../../contracts/action.ts";
import { MemberProfileDto } from "../../../contracts/dto/member.ts";
import { MemberNameField, OPTIONAL_PROFILE_FIELDS } from "../../../contracts/dto/profile-fields.ts";
import { Nullable } from "../../../contracts/dto/scalars.ts";
import { toProfile } from "../member.mapper.ts";
import { memberAction } from "../member.types.ts";
import { profileChangesOf } from "../profile-changes.ts";

export const updateProfile = memberAction({
  rest: { method: "PUT", path: "/members/profile" },
  summary: "Change fields of the caller's profile: absent and null leave a field, empty clears it",
  params: Type.Object({
    memberName: Type.Optional(Nullable(MemberNameField)),
    ...OPTIONAL_PROFILE_FIELDS,
    previousAvatarUrl: Type.Optional(
      Nullable(
        Type.Array(Type.String(), {
          description: "Addresses of the caller's images to delete (the last path segment is the id)",
        }),
      ),
    ),
  }),
  returns: MemberProfileDto,
  errors: ["MEMBER_NOT_FOUND"],
  async handler(ctx) {
    const memberId = callerId(ctx);
    const name = ctx.params.memberName ?? undefined;
    const changes = profileChangesOf(ctx.params);
    if (name !== undefined || Object.keys(changes).length > 0) {
      await this.profiles.updateOrThrow(callerOf(ctx), changes, name);
    }
    // `previousAvatarUrl`: the place to have these images deleted, once images are kept here.
    // A deletion that fails must not fail the update, which is stored by now.
    return toProfile(await this.members.findProfileOrThrow(memberId, memberId), memberId);
  },
});

import { Type } from "@sinclair/typebox";
import type { Context, Logger } from "moleculer";
import { callerId, callerOf } from "../../../contracts/action.ts";
import { MemberProfileDto } from "../../../contracts/dto/member.ts";
import { MemberNameField, OPTIONAL_PROFILE_FIELDS } from "../../../contracts/dto/profile-fields.ts";
import { Nullable } from "../../../contracts/dto/scalars.ts";
import { imageIdOf } from "../../../contracts/image-address.ts";
import type { RequestMeta } from "../../../contracts/meta.ts";
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
    const replaced =
      name !== undefined || Object.keys(changes).length > 0
        ? await this.profiles.updateOrThrow(callerOf(ctx), changes, name)
        : [];
    const profile = await this.members.findProfileOrThrow(memberId, memberId);
    const unwanted = [...replaced, ...(ctx.params.previousAvatarUrl ?? [])];
    const shown = [profile.avatarUrl, profile.coverUrl].map((address) => imageIdOf(address ?? ""));
    const ids = new Set(
      unwanted.flatMap((address) => imageIdOf(address) ?? []).filter((id) => !shown.includes(id)),
    );
    if (ids.size > 0) await deleteImages(ctx, this.logger, [...ids]);
    return toProfile(profile, memberId);
  },
});

/** What one call may name. */
const IMAGES_AT_ONCE = 100;
/** Milliseconds that the answer waits for it at most. */
const DELETION_TIMEOUT = 2_000;

/** The update is stored by now: a deletion that fails must not fail it. */
async function deleteImages(
  ctx: Context<unknown, RequestMeta>,
  logger: Logger,
  ids: readonly string[],
): Promise<void> {
  try {
    const imageUrls = ids.slice(0, IMAGES_AT_ONCE);
    await ctx.call("image.deleteOwnImages", { imageUrls }, { timeout: DELETION_TIMEOUT });
  } catch (err) {
    logger.warn({ err, memberId: ctx.meta.memberId }, "replaced pictures could not be deleted");
  }
}

import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { MemberProfileDto } from "../../../contracts/dto/member.ts";
import { HANDLE_PATTERN } from "../../../contracts/dto/profile-fields.ts";
import { domainError } from "../../../contracts/errors.ts";
import { toProfile } from "../member.mapper.ts";
import { memberAction } from "../member.types.ts";

const HANDLE = new RegExp(HANDLE_PATTERN);

export const getProfileByHandle = memberAction({
  rest: { method: "GET", path: "/members/profile/@{handle}" },
  summary: "The profile of the member with this handle, whatever its case",
  params: Type.Object({ handle: Type.String() }),
  returns: MemberProfileDto,
  errors: ["MEMBER_NOT_FOUND"],
  async handler(ctx) {
    // MySQL compares without trailing spaces, so "@name " would find "name".
    if (!HANDLE.test(ctx.params.handle)) throw domainError("MEMBER_NOT_FOUND");
    const readerId = callerId(ctx);
    return toProfile(await this.members.findProfileByHandleOrThrow(ctx.params.handle, readerId), readerId);
  },
});

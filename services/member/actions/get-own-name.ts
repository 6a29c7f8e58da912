import { callerId } from "../../../contracts/action.ts";
import { MemberNameDto } from "../../../contracts/dto/member.ts";
import { Nothing } from "../../../contracts/dto/scalars.ts";
import { memberAction } from "../member.types.ts";

export const getOwnName = memberAction({
  rest: { method: "GET", path: "/members" },
  summary: "Id and name of the caller",
  params: Nothing,
  returns: MemberNameDto,
  errors: ["MEMBER_NOT_FOUND"],
  async handler(ctx) {
    return this.members.findNameOrThrow(callerId(ctx));
  },
});

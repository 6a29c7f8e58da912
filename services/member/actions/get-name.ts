import { Type } from "@sinclair/typebox";
import { MemberNameDto } from "../../../contracts/dto/member.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { memberAction } from "../member.types.ts";

export const getName = memberAction({
  rest: { method: "GET", path: "/members/{id}" },
  summary: "Id and name of a member",
  params: Type.Object({ id: Id }),
  returns: MemberNameDto,
  errors: ["MEMBER_NOT_FOUND"],
  async handler(ctx) {
    return this.members.findNameOrThrow(ctx.params.id);
  },
});

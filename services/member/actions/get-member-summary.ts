import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { MemberSummaryDto } from "../../../contracts/dto/member.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { toSummary } from "../member.mapper.ts";
import { memberAction } from "../member.types.ts";

export const getMemberSummary = memberAction({
  rest: { method: "GET", path: "/members/{memberId}/summary" },
  summary: "A member's summary",
  params: Type.Object({ memberId: Id }),
  returns: MemberSummaryDto,
  errors: ["MEMBER_NOT_FOUND"],
  async handler(ctx) {
    const readerId = callerId(ctx);
    return toSummary(await this.members.findSummaryOrThrow(ctx.params.memberId, readerId), readerId);
  },
});

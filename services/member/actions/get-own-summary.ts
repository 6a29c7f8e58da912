import { callerId } from "../../../contracts/action.ts";
import { MemberSummaryDto } from "../../../contracts/dto/member.ts";
import { Nothing } from "../../../contracts/dto/scalars.ts";
import { toSummary } from "../member.mapper.ts";
import { memberAction } from "../member.types.ts";

export const getOwnSummary = memberAction({
  rest: { method: "GET", path: "/members/summary" },
  summary: "The caller's own summary",
  params: Nothing,
  returns: MemberSummaryDto,
  errors: ["MEMBER_NOT_FOUND"],
  async handler(ctx) {
    const readerId = callerId(ctx);
    return toSummary(await this.members.findSummaryOrThrow(readerId, readerId), readerId);
  },
});

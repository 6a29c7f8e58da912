import { Type } from "@sinclair/typebox";
import { MemberSummaryDto } from "../../../contracts/dto/member.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { toSummary } from "../member.mapper.ts";
import { memberAction } from "../member.types.ts";

/** For other services: the summary as the member itself sees it, whoever calls. */
export const getSummary = memberAction({
  params: Type.Object({ memberId: Id }),
  returns: MemberSummaryDto,
  errors: ["MEMBER_NOT_FOUND"],
  idempotent: true,
  async handler(ctx) {
    const { memberId } = ctx.params;
    return toSummary(await this.members.findSummaryOrThrow(memberId, memberId), memberId);
  },
});

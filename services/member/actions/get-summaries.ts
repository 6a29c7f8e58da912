import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { MemberSummaryDto } from "../../../contracts/dto/member.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { toSummary } from "../member.mapper.ts";
import { memberAction } from "../member.types.ts";

/** For services that show members beside their own rows. */
export const getSummaries = memberAction({
  params: Type.Object({ memberIds: Type.Array(Id, { maxItems: 1_000, uniqueItems: true }) }),
  returns: Type.Array(MemberSummaryDto),
  bulkhead: "bulkRead",
  idempotent: true,
  async handler(ctx) {
    const readerId = callerId(ctx);
    const rows = await this.members.listSummaries(ctx.params.memberIds, readerId);
    return rows.map((row) => toSummary(row, readerId));
  },
});

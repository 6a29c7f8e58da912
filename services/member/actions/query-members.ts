import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { MemberSummaryDto } from "../../../contracts/dto/member.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { toSummary } from "../member.mapper.ts";
import { memberAction } from "../member.types.ts";

const MAX_IDS = 1_000;

export const queryMembers = memberAction({
  rest: { method: "POST", path: "/members/query/in" },
  summary:
    "Summaries of members by id, in the order asked; unknown ids are skipped, repeated ones answered once",
  params: Type.Object({
    ids: Type.Array(Id, { maxItems: MAX_IDS, "x-too-many": "MEMBER_IDS_LIMIT_EXCEEDS" }),
  }),
  returns: Type.Array(MemberSummaryDto),
  errors: ["MEMBER_IDS_LIMIT_EXCEEDS"],
  bulkhead: "bulkRead",
  idempotent: true,
  async handler(ctx) {
    const { ids } = ctx.params;
    const readerId = callerId(ctx);
    const rows = await this.members.listSummaries([...new Set(ids)], readerId);
    return rows.map((row) => toSummary(row, readerId));
  },
});

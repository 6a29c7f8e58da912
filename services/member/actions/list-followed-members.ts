import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { MemberSummaryDto } from "../../../contracts/dto/member.ts";
import { Nothing } from "../../../contracts/dto/scalars.ts";
import { toSummary } from "../member.mapper.ts";
import { memberAction } from "../member.types.ts";

export const listFollowedMembers = memberAction({
  rest: { method: "GET", path: "/members/query/followings" },
  summary: "Summaries of everyone the caller follows, newest relation first",
  params: Nothing,
  returns: Type.Array(MemberSummaryDto),
  async handler(ctx) {
    const readerId = callerId(ctx);
    const rows = await this.members.listFollowedSummaries(readerId);
    return rows.map((row) => toSummary(row, readerId));
  },
});

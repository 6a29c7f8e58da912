import { Type } from "@sinclair/typebox";
import { callerId } from "../../../contracts/action.ts";
import { MemberSummaryDto } from "../../../contracts/dto/member.ts";
import { Page } from "../../../contracts/dto/paging.ts";
import { pageOf } from "../../../lib/paging/page-request.ts";
import { memberAction } from "../member.types.ts";
import { NEWBIE_PARAMS, readNewbies } from "../newbies.ts";

export const recommendNewbies = memberAction({
  rest: { method: "GET", path: "/members/follow/recommend/newbie" },
  summary: "Members the caller doesn't follow yet, newest first, with totals",
  params: Type.Object(NEWBIE_PARAMS),
  returns: Page(MemberSummaryDto),
  errors: ["INVALID_CURSOR", "PAGE_TOO_DEEP"],
  async handler(ctx) {
    const readerId = callerId(ctx);
    const scroll = await readNewbies(this, readerId, ctx.params);
    return pageOf(scroll, await this.members.countNewbies(readerId));
  },
});

import { Type } from "@sinclair/typebox";
import { callAction } from "../../../contracts/actions.ts";
import { MemberSummaryDto } from "../../../contracts/dto/member.ts";
import { Page } from "../../../contracts/dto/paging.ts";
import { askIndexOrThrow } from "../availability.ts";
import { searchAction } from "../search.types.ts";
import { KEYWORD_PARAMS, searchPage } from "../search-pages.ts";

export const searchMembers = searchAction({
  rest: { method: "GET", path: "/search/members" },
  summary: "Members by handle and display name, prefixes and one wrong letter included, best match first",
  params: Type.Object(KEYWORD_PARAMS),
  returns: Page(MemberSummaryDto),
  errors: ["INVALID_CURSOR", "PAGE_TOO_DEEP", "SERVICE_UNAVAILABLE"],
  bulkhead: "search",
  handler(ctx) {
    return searchPage(
      {
        name: "members",
        keyword: ctx.params.keyword.trim(),
        find: (query) => askIndexOrThrow(this, (index) => index.findMembers(query)),
        show: (memberIds) => callAction(ctx, "member.getSummaries", { memberIds }),
      },
      ctx.params,
    );
  },
});

import { Type } from "@sinclair/typebox";
import { callAction } from "../../../contracts/actions.ts";
import { Page } from "../../../contracts/dto/paging.ts";
import { FoundPostDto } from "../../../contracts/dto/search.ts";
import { askIndexOrThrow } from "../availability.ts";
import { toFoundPost } from "../search.mapper.ts";
import { searchAction } from "../search.types.ts";
import { KEYWORD_PARAMS, searchPage } from "../search-pages.ts";

export const searchPosts = searchAction({
  rest: { method: "GET", path: "/search/posts" },
  summary: "Posts whose title or content has the keyword, best match first, then newest",
  params: Type.Object(KEYWORD_PARAMS),
  returns: Page(FoundPostDto),
  errors: ["INVALID_CURSOR", "PAGE_TOO_DEEP", "SERVICE_UNAVAILABLE"],
  bulkhead: "search",
  handler(ctx) {
    const keyword = ctx.params.keyword.trim();
    return searchPage(
      {
        name: "posts",
        keyword,
        find: (query) => askIndexOrThrow(this, (index) => index.findPosts(query)),
        show: async (ids) => {
          const posts = await callAction(ctx, "timeline.queryPosts", { ids });
          return posts.map((post) => toFoundPost(post, (text) => this.highlights(text, keyword)));
        },
      },
      ctx.params,
    );
  },
});

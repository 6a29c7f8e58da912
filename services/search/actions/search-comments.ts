import { type Static, Type } from "@sinclair/typebox";
import { callAction } from "../../../contracts/actions.ts";
import { Page } from "../../../contracts/dto/paging.ts";
import { Id } from "../../../contracts/dto/scalars.ts";
import { FoundCommentDto } from "../../../contracts/dto/search.ts";
import { domainError } from "../../../contracts/errors.ts";
import { askIndexOrThrow } from "../availability.ts";
import { toFoundComment } from "../search.mapper.ts";
import { type SearchContext, type SearchThis, searchAction } from "../search.types.ts";
import { KEYWORD_PARAMS, SEARCH_PAGING, searchPage } from "../search-pages.ts";

const Found = Page(FoundCommentDto);

export const searchComments = searchAction({
  rest: { method: "GET", path: "/search/comments" },
  summary: "Comments that have the keyword, best match first, then newest",
  params: Type.Object(KEYWORD_PARAMS),
  returns: Found,
  errors: ["INVALID_CURSOR", "PAGE_TOO_DEEP", "SERVICE_UNAVAILABLE"],
  bulkhead: "search",
  handler(ctx) {
    return commentPage(this, ctx, ctx.params.keyword.trim());
  },
});

export const searchPostComments = searchAction({
  rest: { method: "GET", path: "/search/comments/posts/{postId}" },
  summary:
    "Comments of one post that have the keyword, best match first, then newest; without one all, newest first",
  params: Type.Object({
    postId: Id,
    keyword: Type.Optional(
      Type.String({
        format: "optional-search-keyword",
        description:
          "At most 100 characters, spaces around them apart; taken literally. Several words: all of them",
      }),
    ),
    ...SEARCH_PAGING,
  }),
  returns: Found,
  errors: ["POST_NOT_FOUND", "INVALID_CURSOR", "PAGE_TOO_DEEP", "SERVICE_UNAVAILABLE"],
  bulkhead: "search",
  async handler(ctx) {
    const { postId, keyword = "", ...paging } = ctx.params;
    const trimmed = keyword.trim();
    const { postIds } = await callAction(ctx, "content.findExisting", { postIds: [postId], commentIds: [] });
    if (postIds.length === 0) throw domainError("POST_NOT_FOUND");
    if (trimmed !== "") return commentPage(this, ctx, trimmed, postId);
    const { content, ...page } = await callAction(ctx, "timeline.listAllPostComments", { postId, ...paging });
    return { ...page, content: content.map((comment) => ({ ...comment, highlights: [] })) };
  },
});

function commentPage(
  service: SearchThis,
  ctx: SearchContext,
  keyword: string,
  postId?: number,
): Promise<Static<typeof Found>> {
  return searchPage(
    {
      name: postId === undefined ? "comments" : `comments:${postId}`,
      keyword,
      find: (query) => askIndexOrThrow(service, (index) => index.findComments(query, postId)),
      show: async (ids) => {
        const comments = await callAction(ctx, "timeline.queryComments", { ids });
        return comments.map((comment) =>
          toFoundComment(comment, (text) => service.highlights(text, keyword)),
        );
      },
    },
    ctx.params,
  );
}

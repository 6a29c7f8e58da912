import { createHash } from "node:crypto";
import { Type } from "@sinclair/typebox";
import { type PageOf, type PagingInput, pagingParams } from "../../contracts/dto/paging.ts";
import {
  type ListOrder,
  pageOf,
  pageRequestOrThrow,
  scrollOf,
  shownRows,
} from "../../lib/paging/page-request.ts";
import type { SearchQuery, SearchResult } from "../../lib/search/search-index.ts";

const DEFAULT_SIZE = 20;

export const SEARCH_PAGING = pagingParams(DEFAULT_SIZE);

export const KEYWORD_PARAMS = {
  keyword: Type.String({
    format: "search-keyword",
    description: "1 to 100 characters, spaces around them apart; taken literally. Several words: all of them",
  }),
  ...SEARCH_PAGING,
};

/** A found id with the number of those before it and itself: an index can only skip by number. */
interface Found {
  readonly id: number;
  readonly rank: number;
}

interface Search<Dto> {
  /** Tells what is searched from every other search, in cursors. */
  readonly name: string;
  /** Trimmed. */
  readonly keyword: string;
  readonly find: (query: SearchQuery) => Promise<SearchResult>;
  /** What is shown of these ids, in their order, without those that don't exist any more. */
  readonly show: (ids: readonly number[]) => Promise<Dto[]>;
}

/**
 * One page of what a keyword finds: one question to the index, one to the owner of what is shown. What was deleted while
 * the index doesn't know it yet is missing in its page, which is shorter then, so that no other row changes its page.
 * @throws INVALID_CURSOR, PAGE_TOO_DEEP, SERVICE_UNAVAILABLE
 */
export async function searchPage<Dto>(
  { name, keyword, find, show }: Search<Dto>,
  paging: PagingInput,
): Promise<PageOf<Dto>> {
  const order: ListOrder<readonly [number], Found> = {
    // The keyword itself may be longer than a cursor.
    name: `search-${name}:${createHash("sha256").update(keyword).digest("base64url").slice(0, 16)}`,
    keys: 1,
    keyOf: ({ rank }) => [rank],
  };
  const request = pageRequestOrThrow(order, paging, DEFAULT_SIZE);
  const offset = request.after?.[0] ?? request.offset;
  const { ids, total } = await find({ keyword, offset, limit: request.size + 1 });
  const rows = ids.map((id, index) => ({ id, rank: offset + index + 1 }));
  const shown = shownRows(request, rows).map(({ id }) => id);
  const content = shown.length > 0 ? await show(shown) : [];
  return pageOf(scrollOf(order, request, rows, content), total);
}

import {
  MAX_OFFSET,
  MAX_PAGE_SIZE,
  type PageOf,
  type PagingInput,
  type ScrollOf,
} from "../../contracts/dto/paging.ts";
import { domainError } from "../../contracts/errors.ts";
import { decodeCursorOrThrow, encodeCursor, type SortKinds, type SortValue } from "./cursor.ts";

/** Names a list for its cursors and says what its order is made of (1: id; 2: score and id; or the kinds of values). */
export interface ListOrder<K extends readonly SortValue[], Row> {
  readonly name: string;
  readonly keys: SortKinds & (K["length"] | { readonly length: K["length"] });
  /** The sort values of a row, in the order of the list. */
  readonly keyOf: (row: Row) => K;
}

/** What a repository must fetch: `size + 1` rows after `after`, or from `offset`. */
export interface PageRequest<K extends readonly SortValue[]> {
  readonly page: number;
  readonly size: number;
  readonly after: K | undefined;
  /** Rows to skip; 0 with a cursor. */
  readonly offset: number;
}

/**
 * Reads `page`, `size` and `cursor` of a request.
 * @throws INVALID_CURSOR, or PAGE_TOO_DEEP when `page * size` is beyond the offset limit
 */
export function pageRequestOrThrow<K extends readonly SortValue[], Row>(
  order: ListOrder<K, Row>,
  input: PagingInput,
  defaultSize: number,
): PageRequest<K> {
  const size = Math.min(input.size ?? defaultSize, MAX_PAGE_SIZE);
  if (input.cursor) {
    const { page, after } = decodeCursorOrThrow<K>(order.name, order.keys, input.cursor);
    return { page, size, after, offset: 0 };
  }
  const page = input.page ?? 0;
  if (page * size > MAX_OFFSET) throw domainError("PAGE_TOO_DEEP");
  return { page, size, after: undefined, offset: page * size };
}

/** The rows that a page shows: the last of `size + 1` only tells that there is a next page. */
export function shownRows<Row>(
  request: PageRequest<readonly SortValue[]>,
  rows: readonly Row[],
): readonly Row[] {
  return rows.slice(0, request.size);
}

/** Makes the answer: `rows` are the `size + 1` fetched ones, `content` what became of the shown ones. */
export function scrollOf<K extends readonly SortValue[], Row, Dto>(
  order: ListOrder<K, Row>,
  request: PageRequest<K>,
  rows: readonly Row[],
  content: Dto[],
): ScrollOf<Dto> {
  const last = rows[request.size - 1];
  const hasNext = rows.length > request.size && last !== undefined;
  return {
    content,
    page: request.page,
    size: request.size,
    hasNext,
    nextCursor: hasNext
      ? encodeCursor(order.name, { page: request.page + 1, after: order.keyOf(last) })
      : null,
  };
}

/** Adds the totals that a page envelope has beyond a scroll. */
export function pageOf<Dto>(scroll: ScrollOf<Dto>, totalElements: number): PageOf<Dto> {
  return {
    ...scroll,
    totalElements,
    totalPages: Math.ceil(totalElements / scroll.size),
    hasPrevious: scroll.page > 0,
    first: scroll.page === 0,
    last: !scroll.hasNext,
  };
}

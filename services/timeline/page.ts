import type { PagingInput, ScrollOf } from "../../contracts/dto/paging.ts";
import {
  type ListOrder,
  type PageRequest,
  pageRequestOrThrow,
  scrollOf,
  shownRows,
} from "../../lib/paging/page-request.ts";

/** The sort values of lists by id. */
export type ById = readonly [id: number];

export interface IdRow {
  readonly id: number;
}

/** A list by id. `name` tells it, with what it is of, from every other list, so that cursors can't be mixed up. */
export function orderById(name: string): ListOrder<ById, IdRow> {
  return { name, keys: 1, keyOf: ({ id }) => [id] };
}

/** One list and how its pages are found. */
export interface PageSource<K extends readonly number[], Row extends IdRow, Dto> {
  readonly order: ListOrder<K, Row>;
  readonly defaultSize: number;
  /** `size + 1` rows of the page, which have the sort values at least. */
  readonly list: (request: PageRequest<K>) => Promise<readonly Row[]>;
  /** What is shown of these ids, in their order. */
  readonly show: (ids: readonly number[]) => Promise<Dto[]>;
}

/**
 * One page of a list: two statements, the ids and then everything shown of them.
 * What is deleted between the two is missing, and nothing else is.
 * @throws INVALID_CURSOR, PAGE_TOO_DEEP
 */
export async function readPage<K extends readonly number[], Row extends IdRow, Dto>(
  { order, defaultSize, list, show }: PageSource<K, Row, Dto>,
  paging: PagingInput,
): Promise<ScrollOf<Dto>> {
  const request = pageRequestOrThrow(order, paging, defaultSize);
  const rows = await list(request);
  const content = await show(shownRows(request, rows).map(({ id }) => id));
  return scrollOf(order, request, rows, content);
}

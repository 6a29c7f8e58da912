import { Type } from "@sinclair/typebox";
import { type PagingInput, pagingParams, type ScrollOf } from "../../contracts/dto/paging.ts";
import type { PostDto } from "../../contracts/dto/post.ts";
import { StringEnum } from "../../contracts/dto/scalars.ts";
import type { ListOrder, PageRequest } from "../../lib/paging/page-request.ts";
import { readPage } from "./page.ts";
import type { RankedRow } from "./ranking.repository.ts";
import type { TimelineRepositories } from "./repositories.ts";

/** By `views + 2 * likes`, or by comments. */
export type Ranking = "popular" | "commented";

const HOUR = 3_600_000;

/** How far back each window reaches, in milliseconds. */
export const WINDOWS = {
  day: 24 * HOUR,
  week: 7 * 24 * HOUR,
  month: 30 * 24 * HOUR,
  all: Number.POSITIVE_INFINITY,
};
export type Window = keyof typeof WINDOWS;

/** A walk by cursor keeps the start of its window for this long; then the window moves on. */
const WALK_LIFE = HOUR;

const DEFAULT_SIZE = 20;

export const RANKING_PARAMS = Type.Object({
  window: Type.Optional(
    StringEnum(["day", "week", "month", "all"], {
      default: "all",
      description: "Only posts created in the last 24 hours, 7 days or 30 days",
    }),
  ),
  ...pagingParams(DEFAULT_SIZE),
});

/**
 * The sort values of a ranking. The start of the window (epoch ms) goes along in the cursor, so that no post leaves
 * the window between two pages.
 */
export type ByRank = readonly [value: number, id: number, since: number];

type Row = RankedRow & { readonly since: number };

/** A page of a ranking. Two statements. @throws INVALID_CURSOR, PAGE_TOO_DEEP */
export function readRanking(
  { rankings, posts }: TimelineRepositories,
  ranking: Ranking,
  { window = "all", ...paging }: PagingInput & { readonly window?: Window },
  readerId: number,
  now = Date.now(),
): Promise<ScrollOf<PostDto>> {
  const order: ListOrder<ByRank, Row> = {
    name: `${ranking}:${window}`,
    keys: 3,
    keyOf: ({ value, id, since }) => [value, id, since],
  };
  const list = async (request: PageRequest<ByRank>): Promise<Row[]> => {
    const since = windowStart(window, request.after?.[2], now);
    const rows =
      window === "all" ? rankings.list(ranking, request) : rankings.listSince(ranking, since, request);
    return (await rows).map((row) => ({ ...row, since }));
  };
  const show = (ids: readonly number[]) => posts.listByIds(ids, readerId);
  return readPage({ order, defaultSize: DEFAULT_SIZE, list, show }, paging);
}

/** Where the window begins; a cursor that is old, or was forged to begin far back, widens it by an hour at most. */
function windowStart(window: Window, ofCursor: number | undefined, now: number): number {
  if (window === "all") return 0;
  const start = now - WINDOWS[window];
  return ofCursor === undefined ? start : Math.max(ofCursor, start - WALK_LIFE);
}

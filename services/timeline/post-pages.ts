import {
  MAX_PAGE_SIZE,
  type PageOf,
  type PagingInput,
  pagingParams,
  type ScrollOf,
} from "../../contracts/dto/paging.ts";
import type { PostDto } from "../../contracts/dto/post.ts";
import { type PageRequest, pageOf } from "../../lib/paging/page-request.ts";
import type { DateRange } from "./date-range.ts";
import { type ById, type IdRow, orderById, readPage } from "./page.ts";
import type { TimelineRepositories } from "./repositories.ts";

const FEED_SIZE = 20;
const AUTHOR_SIZE = 10;

/** A page of the follow feed that skips more than this counts as deep. */
const DEEP_OFFSET = 1_000;

/** Paging of the lists of many authors. */
export const FEED_PARAMS = pagingParams(FEED_SIZE);
/** Paging of the lists of one author. */
export const AUTHOR_PARAMS = pagingParams(AUTHOR_SIZE);

/** Posts of those the reader follows, newest first. Three statements: followees, ids, rows (SQLite: two). */
export function readFollowFeed(
  repositories: TimelineRepositories,
  paging: PagingInput,
  readerId: number,
): Promise<ScrollOf<PostDto>> {
  const list = (request: PageRequest<ById>) => repositories.followFeed.list(readerId, request);
  return readPosts(repositories, "followings", FEED_SIZE, list, paging, readerId);
}

/** Does this page of the follow feed skip so much that it reads many posts of each followee? */
export function isDeep({ page = 0, size = FEED_SIZE, cursor }: PagingInput): boolean {
  return !cursor && page * Math.min(size, MAX_PAGE_SIZE) > DEEP_OFFSET;
}

/** Posts of all members, newest first. Two statements. */
export function readRecentPosts(
  repositories: TimelineRepositories,
  paging: PagingInput,
  readerId: number,
): Promise<ScrollOf<PostDto>> {
  const list = (request: PageRequest<ById>) => repositories.postLists.listRecent(request);
  return readPosts(repositories, "recent", FEED_SIZE, list, paging, readerId);
}

/** A member's posts, newest first. Two statements. */
export function readAuthorPosts(
  repositories: TimelineRepositories,
  authorId: number,
  paging: PagingInput,
  readerId: number,
): Promise<ScrollOf<PostDto>> {
  const list = (request: PageRequest<ById>) => repositories.postLists.listByAuthor(authorId, request);
  return readPosts(repositories, `author:${authorId}`, AUTHOR_SIZE, list, paging, readerId);
}

/** Posts created in a range, newest first, with totals. Three statements: totals, ids, rows. */
export async function readPostsInRange(
  repositories: TimelineRepositories,
  range: DateRange,
  paging: PagingInput,
  readerId: number,
): Promise<PageOf<PostDto>> {
  const extent = await repositories.postLists.measureRange(range);
  const list = (request: PageRequest<ById>) => repositories.postLists.listInRange(range, extent, request);
  const name = `range:${range.start}:${range.end}`;
  return pageOf(await readPosts(repositories, name, FEED_SIZE, list, paging, readerId), extent.total);
}

function readPosts(
  { posts }: TimelineRepositories,
  name: string,
  defaultSize: number,
  list: (request: PageRequest<ById>) => Promise<IdRow[]>,
  paging: PagingInput,
  readerId: number,
): Promise<ScrollOf<PostDto>> {
  const show = (ids: readonly number[]) => posts.listByIds(ids, readerId);
  return readPage({ order: orderById(name), defaultSize, list, show }, paging);
}

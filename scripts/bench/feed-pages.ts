import type { Transaction } from "sequelize";
import { encodeCursor } from "../../lib/paging/cursor.ts";
import type { Database } from "../../lib/sql/database.ts";
import { type Sql, sql } from "../../lib/sql/sql.ts";
import { readMemberComments, readPostComments } from "../../services/timeline/comment-pages.ts";
import {
  readAuthorPosts,
  readFollowFeed,
  readPostsInRange,
  readRecentPosts,
} from "../../services/timeline/post-pages.ts";
import { readRanking } from "../../services/timeline/ranking.ts";
import { type TimelineRepositories, timelineRepositories } from "../../services/timeline/repositories.ts";
import { READER } from "./feed-data.ts";

interface FeedPage {
  readonly name: string;
  /** Reads the page while there are `total` posts. */
  readonly read: (repositories: TimelineRepositories, total: number) => Promise<{ content: unknown[] }>;
}

const AUTHOR = 7;
const POST = 7;
const DAY = 86_400_000;

/** A cursor into the middle of a list: an implementation that begins at its start reads half of it. */
const middle = (list: string, total: number, ...before: number[]) => ({
  cursor: encodeCursor(list, { page: 1, after: [...before, total / 2] }),
});
const ranked = (list: string, total: number, value: number) => ({
  cursor: encodeCursor(list, { page: 1, after: [value, total / 2, 0] }),
});

/** First and later pages whose cost must not grow with the number of posts. */
export const FEED_PAGES: readonly FeedPage[] = [
  { name: "follow feed", read: (all) => readFollowFeed(all, {}, READER) },
  {
    // Near the top, so that the smallest store has a full page of each followee, too.
    name: "follow feed, by cursor",
    read: (all, total) => {
      const cursor = encodeCursor("followings", { page: 1, after: [total * 0.9] });
      return readFollowFeed(all, { cursor }, READER);
    },
  },
  { name: "recent", read: (all) => readRecentPosts(all, {}, READER) },
  {
    name: "recent, by cursor",
    read: (all, total) => readRecentPosts(all, middle("recent", total), READER),
  },
  { name: "most popular", read: (all) => readRanking(all, "popular", {}, READER) },
  {
    name: "most popular, by cursor",
    read: (all, total) => readRanking(all, "popular", ranked("popular:all", total, 50), READER),
  },
  { name: "most commented", read: (all) => readRanking(all, "commented", {}, READER) },
  {
    name: "most commented, by cursor",
    read: (all, total) => readRanking(all, "commented", ranked("commented:all", total, 25), READER),
  },
  { name: "one author", read: (all) => readAuthorPosts(all, AUTHOR, {}, READER) },
  {
    name: "one author, by cursor",
    read: (all, total) => readAuthorPosts(all, AUTHOR, middle(`author:${AUTHOR}`, total), READER),
  },
  { name: "comments of a post", read: (all) => readPostComments(all, POST, { size: 40 }, READER) },
  {
    name: "comments of a post, by cursor",
    read: (all, total) =>
      readPostComments(all, POST, { size: 40, ...middle(`post-comments:${POST}`, total) }, READER),
  },
  { name: "comments of a member", read: (all) => readMemberComments(all, AUTHOR, 10, {}, READER) },
  {
    name: "comments of a member, by cursor",
    read: (all, total) => readMemberComments(all, AUTHOR, 10, middle(`comments:${AUTHOR}`, total), READER),
  },
];

/** Pages whose cost grows with the posts of a time, not with all posts. */
export const TIMED_PAGES: readonly FeedPage[] = [
  { name: "most popular of a day", read: (all) => readRanking(all, "popular", { window: "day" }, READER) },
  {
    name: "most commented of a day",
    read: (all) => readRanking(all, "commented", { window: "day" }, READER),
  },
  {
    name: "range of a day",
    read: (all) => {
      const end = Date.now() - DAY;
      return readPostsInRange(all, { start: end - DAY, end }, {}, READER);
    },
  },
];

export interface PageCost {
  /** Steps from row to row, in tables, indexes and the server's temporary tables. */
  readonly rowsRead: number;
  readonly rowsShown: number;
  readonly milliseconds: number;
}

/** What a page costs a MySQL or MariaDB server, counted by the server on the page's own connection. */
export async function costOf(database: Database, page: FeedPage, total: number): Promise<PageCost> {
  return database.transaction(async (transaction) => {
    const repositories = timelineRepositories(onConnectionOf(database, transaction));
    await page.read(repositories, total);
    const start = await rowsReadSoFar(database, transaction);
    const ownCost = (await rowsReadSoFar(database, transaction)) - start;
    const startedAt = performance.now();
    const { content } = await page.read(repositories, total);
    const milliseconds = performance.now() - startedAt;
    const end = await rowsReadSoFar(database, transaction);
    return { rowsRead: end - start - 2 * ownCost, rowsShown: content.length, milliseconds };
  });
}

/** The same database, with every read on one connection: the server counts for each connection. */
function onConnectionOf(database: Database, transaction: Transaction): Database {
  return Object.assign(Object.create(database) as Database, {
    select: (query: Sql) => database.select(query, { transaction }),
  });
}

async function rowsReadSoFar(database: Database, transaction: Transaction): Promise<number> {
  const rows = await database.select<{ Value: string }>(sql`SHOW SESSION STATUS LIKE 'Handler_read%'`, {
    transaction,
  });
  return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
}

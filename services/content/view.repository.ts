import type { Transaction } from "sequelize";
import type { Database } from "../../lib/sql/database.ts";
import { joinSql, sql } from "../../lib/sql/sql.ts";
import type { ContentModels } from "./content.models.ts";
import type { PostRepository } from "./post.repository.ts";
import { countViews, groupViews, type ReaderViews, type View } from "./views.ts";

/**
 * Readers and posts of one transaction. Short, since likes of these posts wait for it; and SQLite refuses
 * conditions of more than 1,000 terms.
 */
const CHUNK = 250;

/** Who has seen what, and the view counters. */
export class ViewRepository {
  readonly #database: Database;
  readonly #models: ContentModels;
  readonly #posts: PostRepository;

  constructor(database: Database, models: ContentModels, posts: PostRepository) {
    this.#database = database;
    this.#models = models;
    this.#posts = posts;
  }

  /**
   * Counts views: each reader's at most once an hour since the last counted one, never the author's, none of deleted
   * posts. Answers how many counted. Recording a batch again counts nothing twice.
   */
  async record(views: readonly View[]): Promise<number> {
    const readers = groupViews(views);
    let counted = 0;
    for (let start = 0; start < readers.length; start += CHUNK) {
      const chunk = readers.slice(start, start + CHUNK);
      counted += await this.#database.transaction((transaction) => this.#recordChunk(chunk, transaction));
    }
    return counted;
  }

  async #recordChunk(chunk: readonly ReaderViews[], transaction: Transaction): Promise<number> {
    // With the posts locked, nobody else records views of them.
    const posts = await this.#posts.lockExisting(
      [...new Set(chunk.map(({ postId }) => postId))],
      transaction,
    );
    const authors = new Map(posts.map(({ id, authorId }) => [id, authorId]));
    const countable = chunk.filter(
      ({ postId, memberId }) => authors.has(postId) && authors.get(postId) !== memberId,
    );
    const lastCounted = await this.#findLastCounted(countable, transaction);
    const counts = countable.flatMap(({ postId, memberId, times }) => {
      const counted = countViews(times, lastCounted.get(keyOf(postId, memberId)));
      return counted ? [{ postId, memberId, ...counted }] : [];
    });
    if (counts.length === 0) return 0;
    await this.#models.PostView.bulkCreate(
      counts.map(({ postId, memberId, viewedAt }) => ({ postId, memberId, viewedAt })),
      { updateOnDuplicate: ["viewedAt"], transaction },
    );
    return this.#addViews(counts, transaction);
  }

  async #findLastCounted(
    readers: readonly ReaderViews[],
    transaction: Transaction,
  ): Promise<Map<string, number>> {
    if (readers.length === 0) return new Map();
    const pairs = readers.map(
      ({ postId, memberId }) => sql`(post_id = ${postId} AND member_id = ${memberId})`,
    );
    const rows = await this.#database.select<View>(
      sql`SELECT post_id AS postId, member_id AS memberId, viewed_at AS viewedAt
          FROM post_views WHERE ${joinSql(pairs, " OR ")}`,
      { transaction },
    );
    return new Map(rows.map(({ postId, memberId, viewedAt }) => [keyOf(postId, memberId), viewedAt]));
  }

  /** One statement for all posts that gained the same number of views. Answers the sum. */
  async #addViews(
    counts: readonly { readonly postId: number; readonly count: number }[],
    transaction: Transaction,
  ): Promise<number> {
    const gains = new Map<number, number>();
    for (const { postId, count } of counts) gains.set(postId, (gains.get(postId) ?? 0) + count);
    for (const [gain, postIds] of Map.groupBy(gains.keys(), (postId) => gains.get(postId) ?? 0)) {
      await this.#posts.countViews(postIds, gain, transaction);
    }
    return counts.reduce((sum, { count }) => sum + count, 0);
  }
}

function keyOf(postId: number, memberId: number): string {
  return `${postId}:${memberId}`;
}

import type { PageRequest } from "../../lib/paging/page-request.ts";
import type { Database } from "../../lib/sql/database.ts";
import { integer, joinSql, NO_SQL, type Sql, sql } from "../../lib/sql/sql.ts";
import type { ById, IdRow } from "./page.ts";

/**
 * Which posts a page of the follow feed has: living posts of those the reader follows (1,000 at most), newest first;
 * `size + 1` of them.
 *
 * Both forms take the newest `offset + size + 1` posts of each followee after the cursor, by `ix_posts_author`, and
 * merge them. A page by cursor (offset 0) thus reads `followees * (size + 1)` index entries, whatever the number of
 * posts. A page by number reads up to `followees * (page * size + size + 1)`; `page * size` ends at 10,000, and pages
 * that skip much are let through one at a time (see `listFollowingsPosts`).
 */
export class FollowFeedRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(readerId: number, request: PageRequest<ById>): Promise<IdRow[]> {
    if (this.#database.dialect === "sqlite") return this.#listBySubquery(readerId, request);
    const followees = await this.#database.select<{ memberId: number }>(
      sql`SELECT following_id AS memberId FROM follows${this.#database.byIndex("uq_follows_pair")}
          WHERE follower_id = ${readerId}`,
    );
    if (followees.length === 0) return [];
    return this.#listByUnion(
      followees.map(({ memberId }) => memberId),
      request,
    );
  }

  /**
   * MySQL and MariaDB: one range for each followee. MariaDB refuses LIMIT in the subquery of an IN, has no LATERAL,
   * and reads all posts of the followees for a join.
   * The numbers stand in the text: prepared, a statement of 512 branches keeps 6 MB in each of the server's
   * connections, for each page size, and runs no faster (20 ms on MariaDB 10.11).
   */
  async #listByUnion(followees: readonly number[], request: PageRequest<ById>): Promise<IdRow[]> {
    const { after, offset, size } = request;
    const cursor = after ? sql` AND id < ${integer(after[0])}` : NO_SQL;
    const newest = (authorId: number): Sql =>
      sql`(SELECT id FROM posts${this.#database.byIndex("ix_posts_author")} WHERE author_id = ${integer(authorId)} AND is_deleted = 0${cursor} ORDER BY id DESC LIMIT ${integer(offset + size + 1)})`;
    return this.#database.select<IdRow>(
      sql`${joinSql(followees.map(newest), " UNION ALL ")}
          ORDER BY id DESC LIMIT ${integer(size + 1)} OFFSET ${integer(offset)}`,
    );
  }

  /** SQLite: a subquery with LIMIT for each followee. It takes only 500 SELECTs in a UNION. */
  async #listBySubquery(readerId: number, { after, offset, size }: PageRequest<ById>): Promise<IdRow[]> {
    return this.#database.select<IdRow>(
      sql`SELECT p.id FROM follows f CROSS JOIN posts p
          WHERE f.follower_id = ${readerId} AND p.id IN (
            SELECT newest.id FROM posts newest
            WHERE newest.author_id = f.following_id AND newest.is_deleted = 0
              ${after ? sql`AND newest.id < ${after[0]}` : NO_SQL}
            ORDER BY newest.id DESC LIMIT ${integer(offset + size + 1)})
          ORDER BY p.id DESC LIMIT ${integer(size + 1)} OFFSET ${integer(offset)}`,
    );
  }
}

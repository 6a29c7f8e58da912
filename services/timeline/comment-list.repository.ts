import type { PageRequest } from "../../lib/paging/page-request.ts";
import type { Database } from "../../lib/sql/database.ts";
import { integer, joinSql, NO_SQL, type Sql, sql } from "../../lib/sql/sql.ts";
import type { ById, IdRow } from "./page.ts";

/** Which living comments a page of a list has: `size + 1` ids by one range of one index. */
export class CommentListRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Comments on the post itself, oldest first. */
  async listOfPost(postId: number, request: PageRequest<ById>): Promise<IdRow[]> {
    return this.#database.select<IdRow>(
      sql`SELECT c.id FROM comments c${this.#database.byIndex("ix_comments_post")}
          WHERE c.post_id = ${postId} AND c.depth = 0 AND c.is_deleted = 0 ${behind(request)}
          ORDER BY c.id ${limit(request)}`,
    );
  }

  /** Comments of every level under a post that is not deleted, newest first: one range for each level. */
  async listAllOfPost(postId: number, request: PageRequest<ById>): Promise<IdRow[]> {
    const { after, offset, size } = request;
    const level = (depth: number) =>
      sql`SELECT * FROM (
            SELECT c.id FROM comments c${this.#database.byIndex("ix_comments_post")}
            WHERE c.post_id = ${postId} AND c.depth = ${depth} AND c.is_deleted = 0
              ${after ? sql`AND c.id < ${after[0]}` : NO_SQL}
            ORDER BY c.id DESC LIMIT ${integer(offset + size + 1)}) of_level_${integer(depth)}`;
    return this.#database.select<IdRow>(
      sql`${joinSql(DEPTHS.map(level), " UNION ALL ")} ORDER BY id DESC ${limit(request)}`,
    );
  }

  /** How many there are in `listAllOfPost`'s whole list; 0 for a post that is deleted or never was. */
  async countAllOfPost(postId: number): Promise<number> {
    const post = await this.#database.selectOne<{ total: number }>(
      sql`SELECT comment_count AS total FROM posts WHERE id = ${postId} AND is_deleted = 0`,
    );
    return post?.total ?? 0;
  }

  /** Direct replies, oldest first. */
  async listReplies(commentId: number, request: PageRequest<ById>): Promise<IdRow[]> {
    return this.#database.select<IdRow>(
      sql`SELECT c.id FROM comments c${this.#database.byIndex("ix_comments_parent")}
          WHERE c.parent_id = ${commentId} AND c.is_deleted = 0 ${behind(request)}
          ORDER BY c.id ${limit(request)}`,
    );
  }

  /**
   * A member's comments, newest first. Comments of deleted posts are passed over, each read once.
   * With a join in place of the subquery MariaDB may read all living posts first.
   */
  async listByAuthor(authorId: number, request: PageRequest<ById>): Promise<IdRow[]> {
    return this.#database.select<IdRow>(
      sql`SELECT c.id FROM comments c${this.#database.byIndex("ix_comments_author")}
          WHERE c.author_id = ${authorId} AND c.is_deleted = 0
            ${request.after ? sql`AND c.id < ${request.after[0]}` : NO_SQL}
            AND (SELECT p.is_deleted FROM posts p WHERE p.id = c.post_id) = 0
          ORDER BY c.id DESC ${limit(request)}`,
    );
  }
}

/** Of a comment on a post, a reply, and a reply to a reply. */
const DEPTHS = [0, 1, 2];

function behind({ after }: PageRequest<ById>): Sql {
  return after ? sql`AND c.id > ${after[0]}` : NO_SQL;
}

function limit({ size, offset }: PageRequest<ById>): Sql {
  return sql`LIMIT ${integer(size + 1)} OFFSET ${integer(offset)}`;
}

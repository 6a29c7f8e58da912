import type { SearchableCommentDto, SearchablePostDto } from "../../contracts/dto/search.ts";
import type { Database } from "../../lib/sql/database.ts";
import { inList, integer, type Sql, sql } from "../../lib/sql/sql.ts";

interface CommentRow {
  readonly id: number;
  readonly postId: number;
  readonly rootId: number | null;
  readonly parentId: number | null;
  readonly content: string;
}

/** What search takes of posts and comments that exist: those of deleted posts don't. */
export class SearchableRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async listPosts(ids: readonly number[]): Promise<SearchablePostDto[]> {
    if (ids.length === 0) return [];
    return this.#database.select<SearchablePostDto>(
      sql`SELECT id, COALESCE(title, '') AS title, content FROM posts
          WHERE id IN ${inList(ids)} AND is_deleted = 0`,
    );
  }

  async listComments(ids: readonly number[]): Promise<SearchableCommentDto[]> {
    if (ids.length === 0) return [];
    const rows = await this.#database.select<CommentRow>(
      sql`SELECT c.id, c.post_id AS postId, c.root_id AS rootId, c.parent_id AS parentId, c.content
          FROM comments c WHERE c.id IN ${inList(ids)} AND ${LIVING_COMMENT}`,
    );
    return rows.map(({ id, postId, rootId, parentId, content }) => ({
      id,
      postId,
      // A reply to a top-level comment has it as root and as parent.
      ancestorIds: [...new Set([rootId, parentId])].filter((ancestor) => ancestor !== null),
      content,
    }));
  }

  async listPostIds(afterId: number, limit: number): Promise<number[]> {
    return this.#ids(
      sql`SELECT id FROM posts${this.#database.byIndex("ix_posts_recent")}
          WHERE is_deleted = 0 AND id > ${afterId} ORDER BY id LIMIT ${integer(limit)}`,
    );
  }

  async listCommentIds(afterId: number, limit: number): Promise<number[]> {
    return this.#ids(
      sql`SELECT c.id FROM comments c${this.#database.byIndex("PRIMARY")}
          WHERE c.id > ${afterId} AND ${LIVING_COMMENT} ORDER BY c.id LIMIT ${integer(limit)}`,
    );
  }

  async #ids(query: Sql): Promise<number[]> {
    return (await this.#database.select<{ id: number }>(query)).map(({ id }) => id);
  }
}

/** With a join in place of the subquery the database may read all living posts first. */
const LIVING_COMMENT = sql`c.is_deleted = 0 AND (SELECT p.is_deleted FROM posts p WHERE p.id = c.post_id) = 0`;

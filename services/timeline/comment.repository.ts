import type { CommentDto } from "../../contracts/dto/post.ts";
import { domainError } from "../../contracts/errors.ts";
import type { Database } from "../../lib/sql/database.ts";
import { inList, sql } from "../../lib/sql/sql.ts";
import { inOrderOf } from "./in-order-of.ts";
import { type CommentRow, toComment } from "./timeline.mapper.ts";

/** What a reader sees of comments that are not deleted, under posts that are not deleted. */
export class CommentRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * The comments with their authors and the reader's likes, in the order of the ids, without unknown ones. One statement.
   * With a join in place of the subquery SQLite reads all living posts first when there are many ids.
   */
  async listByIds(ids: readonly number[], readerId: number): Promise<CommentDto[]> {
    if (ids.length === 0) return [];
    const rows = await this.#database.select<CommentRow>(
      sql`SELECT c.id, c.post_id AS postId, c.parent_id AS parentId, c.depth, c.content, c.author_id AS authorId,
                 c.like_count AS likeCount, c.reply_count AS replyCount,
                 c.created_at AS createdAt, c.updated_at AS updatedAt,
                 a.handle, a.display_name AS displayName, a.avatar_url AS avatarUrl,
                 CASE WHEN mine.id IS NULL THEN 0 ELSE 1 END AS liked
          FROM comments c LEFT JOIN profiles a ON a.member_id = c.author_id
          LEFT JOIN comment_likes mine ON mine.comment_id = c.id AND mine.member_id = ${readerId}
          WHERE c.id IN ${inList(ids)} AND c.is_deleted = 0
            AND (SELECT p.is_deleted FROM posts p WHERE p.id = c.post_id) = 0`,
    );
    return inOrderOf(ids, rows).map(toComment);
  }

  /** @throws COMMENT_NOT_FOUND */
  async findOrThrow(id: number, readerId: number): Promise<CommentDto> {
    const [comment] = await this.listByIds([id], readerId);
    if (!comment) throw domainError("COMMENT_NOT_FOUND");
    return comment;
  }

  /** @throws COMMENT_NOT_FOUND */
  async assertExistsOrThrow(id: number): Promise<void> {
    const comment = await this.#database.selectOne(
      sql`SELECT c.id FROM comments c JOIN posts p ON p.id = c.post_id
          WHERE c.id = ${id} AND c.is_deleted = 0 AND p.is_deleted = 0`,
    );
    if (!comment) throw domainError("COMMENT_NOT_FOUND");
  }
}

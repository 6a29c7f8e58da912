import type { PostDto } from "../../contracts/dto/post.ts";
import { domainError } from "../../contracts/errors.ts";
import type { Database } from "../../lib/sql/database.ts";
import { inList, sql } from "../../lib/sql/sql.ts";
import { inOrderOf } from "./in-order-of.ts";
import { type PostRow, toPost } from "./timeline.mapper.ts";

export interface PostStatistics {
  readonly commentCount: number;
  readonly likeCount: number;
  readonly viewCount: number;
}

/** What a reader sees of posts that are not deleted. */
export class PostRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The posts with their authors and the reader's likes, in the order of the ids, without unknown ones. One statement. */
  async listByIds(ids: readonly number[], readerId: number): Promise<PostDto[]> {
    if (ids.length === 0) return [];
    const rows = await this.#database.select<PostRow>(
      sql`SELECT p.id, p.title, p.content, p.author_id AS authorId, p.view_count AS viewCount,
                 p.like_count AS likeCount, p.comment_count AS commentCount,
                 p.created_at AS createdAt, p.updated_at AS updatedAt,
                 a.handle, a.display_name AS displayName, a.avatar_url AS avatarUrl,
                 CASE WHEN mine.id IS NULL THEN 0 ELSE 1 END AS liked
          FROM posts p LEFT JOIN profiles a ON a.member_id = p.author_id
          LEFT JOIN post_likes mine ON mine.post_id = p.id AND mine.member_id = ${readerId}
          WHERE p.id IN ${inList(ids)} AND p.is_deleted = 0`,
    );
    return inOrderOf(ids, rows).map(toPost);
  }

  /** @throws POST_NOT_FOUND */
  async findOrThrow(id: number, readerId: number): Promise<PostDto> {
    const [post] = await this.listByIds([id], readerId);
    if (!post) throw domainError("POST_NOT_FOUND");
    return post;
  }

  /** @throws POST_NOT_FOUND */
  async findStatisticsOrThrow(id: number): Promise<PostStatistics> {
    const statistics = await this.#database.selectOne<PostStatistics>(
      sql`SELECT comment_count AS commentCount, like_count AS likeCount, view_count AS viewCount
          FROM posts WHERE id = ${id} AND is_deleted = 0`,
    );
    if (!statistics) throw domainError("POST_NOT_FOUND");
    return statistics;
  }

  /** @throws POST_NOT_FOUND */
  async assertExistsOrThrow(id: number): Promise<void> {
    const post = await this.#database.selectOne(
      sql`SELECT id FROM posts WHERE id = ${id} AND is_deleted = 0`,
    );
    if (!post) throw domainError("POST_NOT_FOUND");
  }
}

import type { Transaction } from "sequelize";
import type { Caller } from "../../contracts/action.ts";
import { domainError, type ErrorCode } from "../../contracts/errors.ts";
import type { EventType } from "../../contracts/events.ts";
import type { OutboxWriter } from "../../lib/outbox/outbox-writer.ts";
import type { Database } from "../../lib/sql/database.ts";
import { inList, type Sql, sql, trusted } from "../../lib/sql/sql.ts";
import type { PostRow } from "./content.mapper.ts";
import type { ContentModels } from "./content.models.ts";
import { editTime } from "./edit-time.ts";

/** The weight of a like in a post's score; a view weighs 1. */
const LIKE_SCORE = 2;

/** New text of a post: an absent title stays as it is, null takes it away. */
export interface PostEdit {
  readonly title?: string | null;
  readonly content: string;
}

/**
 * Posts that are not deleted; others don't exist here. Every write of a post, and of the comments and likes under it,
 * locks the post's row first: what belongs to one post changes one transaction after the other.
 */
export class PostRepository {
  readonly #database: Database;
  readonly #models: ContentModels;
  readonly #outbox: OutboxWriter;
  /**
   * The table in a statement that locks rows. Left to itself, MySQL may reach a row through an index that begins
   * with `is_deleted`: it then locks the index entry before the row, and deadlocks with whoever has the row and is
   * about to move the entry.
   */
  readonly #postsById: Sql;

  constructor(database: Database, models: ContentModels, outbox: OutboxWriter) {
    this.#database = database;
    this.#models = models;
    this.#outbox = outbox;
    this.#postsById = trusted(database.dialect === "mysql" ? "posts FORCE INDEX (PRIMARY)" : "posts");
  }

  async create(author: Caller, title: string | null, content: string): Promise<PostRow> {
    const createdAt = Date.now();
    const text = { authorId: author.id, title, content, createdAt, updatedAt: createdAt };
    const id = await this.#database.transaction(async (transaction) => {
      const post = await this.#models.Post.create(text, { transaction });
      const { id: postId } = post.dataValues;
      await this.#tell("POST_CREATE", author, postId, createdAt, transaction);
      return postId;
    });
    return { id, ...text, viewCount: 0, likeCount: 0, commentCount: 0 };
  }

  /**
   * Answers the post as it is now. The same text again is no edit and leaves `updatedAt`.
   * @throws POST_NOT_FOUND, POST_UPDATE_FORBIDDEN
   */
  async updateOrThrow(postId: number, caller: Caller, edit: PostEdit): Promise<PostRow> {
    return this.#database.transaction(async (transaction) => {
      const post = await this.#lockOwnOrThrow(postId, caller.id, "POST_UPDATE_FORBIDDEN", transaction);
      const { title = post.title, content } = edit;
      if (title === post.title && content === post.content) return post;
      const text = { title, content, updatedAt: editTime(post) };
      await this.#models.Post.update(text, { where: { id: postId }, transaction });
      await this.#tell("POST_UPDATE", caller, postId, text.updatedAt, transaction);
      return { ...post, ...text };
    });
  }

  /**
   * Its comments stay as they are: they go with the post because nobody reads them without it.
   * @throws POST_NOT_FOUND, POST_DELETE_FORBIDDEN
   */
  async deleteOrThrow(postId: number, caller: Caller): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await this.#lockOwnOrThrow(postId, caller.id, "POST_DELETE_FORBIDDEN", transaction);
      const deletion = { isDeleted: 1, deletedAt: Date.now() } as const;
      await this.#models.Post.update(deletion, { where: { id: postId }, transaction });
      await this.#tell("POST_DELETE", caller, postId, deletion.deletedAt, transaction);
    });
  }

  /**
   * Locks the post that a comment stands under; answers the post's id.
   * @throws COMMENT_NOT_FOUND where the comment or its post don't exist
   */
  async lockUnderCommentOrThrow(commentId: number, transaction: Transaction): Promise<number> {
    // The subquery reads without a lock, so the post is locked before its comment; a comment never changes its post.
    const post = await this.#database.selectOne<{ id: number }>(
      sql`SELECT id FROM ${this.#postsById}
          WHERE id = (SELECT post_id FROM comments WHERE id = ${commentId}) AND is_deleted = 0
          ${this.#database.forUpdate}`,
      { transaction },
    );
    if (!post) throw domainError("COMMENT_NOT_FOUND");
    return post.id;
  }

  /**
   * Locks the post and moves its number of living comments, of all levels.
   * @throws POST_NOT_FOUND
   */
  async countCommentsOrThrow(postId: number, difference: number, transaction: Transaction): Promise<void> {
    const found = await this.#database.execute(
      sql`UPDATE ${this.#postsById} SET comment_count = comment_count + ${difference}
          WHERE id = ${postId} AND is_deleted = 0`,
      { transaction },
    );
    if (found === 0) throw domainError("POST_NOT_FOUND");
  }

  /**
   * Locks the post and moves its likes and its score.
   * @throws POST_NOT_FOUND
   */
  async countLikeOrThrow(postId: number, difference: 1 | -1, transaction: Transaction): Promise<void> {
    const found = await this.#database.execute(
      sql`UPDATE ${this.#postsById} SET like_count = like_count + ${difference}, score = score + ${LIKE_SCORE * difference}
          WHERE id = ${postId} AND is_deleted = 0`,
      { transaction },
    );
    if (found === 0) throw domainError("POST_NOT_FOUND");
  }

  /** Those of the posts that exist. */
  async listExistingIds(postIds: readonly number[]): Promise<number[]> {
    if (postIds.length === 0) return [];
    const rows = await this.#database.select<{ id: number }>(
      sql`SELECT id FROM posts WHERE id IN ${inList(postIds)} AND is_deleted = 0`,
    );
    return rows.map(({ id }) => id);
  }

  /** Locks those of the posts that exist, in the order of their ids. */
  async lockExisting(
    postIds: readonly number[],
    transaction: Transaction,
  ): Promise<{ readonly id: number; readonly authorId: number }[]> {
    return this.#database.select(
      sql`SELECT id, author_id AS authorId FROM ${this.#postsById}
          WHERE id IN ${inList(postIds)} AND is_deleted = 0
          ORDER BY id${this.#database.forUpdate}`,
      { transaction },
    );
  }

  /** Gives each of these posts, once they are locked, as many views more, and moves its score. */
  async countViews(postIds: readonly number[], views: number, transaction: Transaction): Promise<void> {
    await this.#database.execute(
      sql`UPDATE ${this.#postsById} SET view_count = view_count + ${views}, score = score + ${views}
          WHERE id IN ${inList(postIds)}`,
      { transaction },
    );
  }

  async #tell(
    type: EventType,
    caller: Caller,
    postId: number,
    at: number,
    transaction: Transaction,
  ): Promise<void> {
    const event = { type, memberId: caller.id, postId, at };
    await this.#outbox.append([event], { transaction, requestId: caller.requestId });
  }

  async #lockOwnOrThrow(
    postId: number,
    callerId: number,
    forbidden: ErrorCode,
    transaction: Transaction,
  ): Promise<PostRow> {
    const post = await this.#database.selectOne<PostRow>(
      sql`SELECT id, author_id AS authorId, title, content, view_count AS viewCount, like_count AS likeCount,
                 comment_count AS commentCount, created_at AS createdAt, updated_at AS updatedAt
          FROM ${this.#postsById} WHERE id = ${postId} AND is_deleted = 0${this.#database.forUpdate}`,
      { transaction },
    );
    if (!post) throw domainError("POST_NOT_FOUND");
    if (post.authorId !== callerId) throw domainError(forbidden);
    return post;
  }
}

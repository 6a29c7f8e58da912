import type { Transaction } from "sequelize";
import type { Caller } from "../../contracts/action.ts";
import { domainError, type ErrorCode } from "../../contracts/errors.ts";
import type { EventType } from "../../contracts/events.ts";
import type { OutboxWriter } from "../../lib/outbox/outbox-writer.ts";
import type { Database } from "../../lib/sql/database.ts";
import { inList, sql } from "../../lib/sql/sql.ts";
import type { AuthorRow, CommentRow } from "./content.mapper.ts";
import type { ContentModels } from "./content.models.ts";
import { editTime } from "./edit-time.ts";
import type { PostRepository } from "./post.repository.ts";

/** Comments of this depth can't have replies; a comment on a post has depth 0. */
const MAX_DEPTH = 2;

/** A comment with its author, who is the caller, and whether the caller likes it. */
export type OwnComment = CommentRow & AuthorRow & { readonly rootId: number | null; readonly liked: 0 | 1 };

interface Place {
  readonly postId: number;
  readonly parentId: number | null;
  readonly rootId: number | null;
  readonly depth: number;
}

/**
 * Comments that are not deleted, of posts that are not deleted; others don't exist here.
 * Every write locks the post first, so the comments of one post can be read and counted without locks of their own.
 */
export class CommentRepository {
  readonly #database: Database;
  readonly #models: ContentModels;
  readonly #posts: PostRepository;
  readonly #outbox: OutboxWriter;

  constructor(database: Database, models: ContentModels, posts: PostRepository, outbox: OutboxWriter) {
    this.#database = database;
    this.#models = models;
    this.#posts = posts;
    this.#outbox = outbox;
  }

  /** @throws POST_NOT_FOUND */
  async createOrThrow(author: Caller, postId: number, content: string): Promise<CommentRow> {
    return this.#database.transaction(async (transaction) => {
      await this.#posts.countCommentsOrThrow(postId, 1, transaction);
      return this.#insert(author, { postId, parentId: null, rootId: null, depth: 0 }, content, transaction);
    });
  }

  /**
   * @throws POST_NOT_FOUND, PARENT_COMMENT_NOT_FOUND, PARENT_COMMENT_POST_ID_NOT_EQUALS, COMMENT_DEPTH_LIMIT_EXCEEDS,
   * asked in this order
   */
  async createReplyOrThrow(
    author: Caller,
    postId: number,
    parentId: number,
    content: string,
  ): Promise<CommentRow> {
    return this.#database.transaction(async (transaction) => {
      await this.#posts.countCommentsOrThrow(postId, 1, transaction);
      const place = await this.#placeUnderOrThrow(parentId, postId, transaction);
      await this.#countReply(parentId, 1, transaction);
      return this.#insert(author, place, content, transaction);
    });
  }

  /**
   * Answers the comment as it is now. The same text again is no edit and leaves `updatedAt`.
   * @throws COMMENT_NOT_FOUND, COMMENT_MODIFICATION_PERMISSION_DENIED
   */
  async updateOrThrow(commentId: number, caller: Caller, content: string): Promise<OwnComment> {
    const forbidden = "COMMENT_MODIFICATION_PERMISSION_DENIED";
    return this.#database.transaction(async (transaction) => {
      const comment = await this.#lockOwnOrThrow(commentId, caller.id, forbidden, transaction);
      if (content === comment.content) return comment;
      const text = { content, updatedAt: editTime(comment) };
      await this.#models.Comment.update(text, { where: { id: commentId }, transaction });
      await this.#tell("COMMENT_UPDATE", caller, comment, text.updatedAt, transaction);
      return { ...comment, ...text };
    });
  }

  /**
   * Deletes the comment with everything under it.
   * @throws COMMENT_NOT_FOUND, COMMENT_DELETION_PERMISSION_DENIED
   */
  async deleteOrThrow(commentId: number, caller: Caller): Promise<void> {
    const forbidden = "COMMENT_DELETION_PERMISSION_DENIED";
    await this.#database.transaction(async (transaction) => {
      const comment = await this.#lockOwnOrThrow(commentId, caller.id, forbidden, transaction);
      const deleted = await this.#deleteSubtree(comment, transaction);
      if (comment.parentId !== null) await this.#countReply(comment.parentId, -1, transaction);
      await this.#posts.countCommentsOrThrow(comment.postId, -deleted, transaction);
      await this.#tell("COMMENT_DELETE", caller, comment, Date.now(), transaction);
    });
  }

  /**
   * Moves a comment's likes, once its post is locked.
   * @throws COMMENT_NOT_FOUND
   */
  async countLikeOrThrow(commentId: number, difference: 1 | -1, transaction: Transaction): Promise<void> {
    const found = await this.#database.execute(
      sql`UPDATE comments SET like_count = like_count + ${difference}
          WHERE id = ${commentId} AND is_deleted = 0`,
      { transaction },
    );
    if (found === 0) throw domainError("COMMENT_NOT_FOUND");
  }

  /** Those of the comments that exist, with their posts. */
  async listExisting(commentIds: readonly number[]): Promise<{ id: number; postId: number }[]> {
    if (commentIds.length === 0) return [];
    return this.#database.select(
      sql`SELECT c.id, c.post_id AS postId FROM comments c JOIN posts p ON p.id = c.post_id
          WHERE c.id IN ${inList(commentIds)} AND c.is_deleted = 0 AND p.is_deleted = 0`,
    );
  }

  async #insert(
    author: Caller,
    place: Place,
    content: string,
    transaction: Transaction,
  ): Promise<CommentRow> {
    const createdAt = Date.now();
    const values = { ...place, authorId: author.id, content, createdAt, updatedAt: createdAt };
    const { id } = (await this.#models.Comment.create(values, { transaction })).dataValues;
    await this.#tell("COMMENT_CREATE", author, { id, postId: place.postId }, createdAt, transaction);
    return { ...values, id, likeCount: 0, replyCount: 0 };
  }

  async #tell(
    type: EventType,
    caller: Caller,
    { id, postId }: Pick<CommentRow, "id" | "postId">,
    at: number,
    transaction: Transaction,
  ): Promise<void> {
    const event = { type, memberId: caller.id, postId, commentId: id, at };
    await this.#outbox.append([event], { transaction, requestId: caller.requestId });
  }

  async #placeUnderOrThrow(parentId: number, postId: number, transaction: Transaction): Promise<Place> {
    const parent = await this.#database.selectOne<Omit<Place, "parentId">>(
      sql`SELECT c.post_id AS postId, c.root_id AS rootId, c.depth
          FROM comments c JOIN posts p ON p.id = c.post_id
          WHERE c.id = ${parentId} AND c.is_deleted = 0 AND p.is_deleted = 0`,
      { transaction },
    );
    if (!parent) throw domainError("PARENT_COMMENT_NOT_FOUND");
    if (parent.postId !== postId) throw domainError("PARENT_COMMENT_POST_ID_NOT_EQUALS");
    if (parent.depth >= MAX_DEPTH) throw domainError("COMMENT_DEPTH_LIMIT_EXCEEDS");
    return { postId, parentId, rootId: parent.rootId ?? parentId, depth: parent.depth + 1 };
  }

  async #lockOwnOrThrow(
    commentId: number,
    callerId: number,
    forbidden: ErrorCode,
    transaction: Transaction,
  ): Promise<OwnComment> {
    await this.#posts.lockUnderCommentOrThrow(commentId, transaction);
    const comment = await this.#database.selectOne<OwnComment>(
      sql`SELECT c.id, c.post_id AS postId, c.author_id AS authorId, c.parent_id AS parentId, c.root_id AS rootId,
                 c.depth, c.content, c.like_count AS likeCount, c.reply_count AS replyCount,
                 c.created_at AS createdAt, c.updated_at AS updatedAt,
                 a.handle, a.display_name AS displayName, a.avatar_url AS avatarUrl,
                 CASE WHEN mine.id IS NULL THEN 0 ELSE 1 END AS liked
          FROM comments c LEFT JOIN profiles a ON a.member_id = c.author_id
          LEFT JOIN comment_likes mine ON mine.comment_id = c.id AND mine.member_id = ${callerId}
          WHERE c.id = ${commentId} AND c.is_deleted = 0`,
      { transaction },
    );
    if (!comment) throw domainError("COMMENT_NOT_FOUND");
    if (comment.authorId !== callerId) throw domainError(forbidden);
    return comment;
  }

  /** Answers how many comments it deleted. */
  async #deleteSubtree({ id, depth, replyCount }: OwnComment, transaction: Transaction): Promise<number> {
    const deletion = { isDeleted: 1, deletedAt: Date.now() } as const;
    const { Comment } = this.#models;
    await Comment.update(deletion, { where: { id }, transaction });
    if (replyCount === 0) return 1;
    // Under a comment of depth 0 stand its replies and theirs, under one of depth 1 its replies only.
    const below = depth === 0 ? { rootId: id } : { parentId: id };
    const [replies] = await Comment.update(deletion, { where: { ...below, isDeleted: 0 }, transaction });
    return 1 + replies;
  }

  async #countReply(parentId: number, difference: 1 | -1, transaction: Transaction): Promise<void> {
    await this.#database.execute(
      sql`UPDATE comments SET reply_count = reply_count + ${difference} WHERE id = ${parentId}`,
      { transaction },
    );
  }
}

import type { Transaction } from "sequelize";
import type { Caller } from "../../contracts/action.ts";
import { domainError } from "../../contracts/errors.ts";
import type { EventType } from "../../contracts/events.ts";
import type { OutboxWriter } from "../../lib/outbox/outbox-writer.ts";
import type { Database } from "../../lib/sql/database.ts";
import { violates } from "../../lib/sql/failures.ts";
import type { CommentRepository } from "./comment.repository.ts";
import type { ContentModels } from "./content.models.ts";
import type { PostRepository } from "./post.repository.ts";

const POST_LIKE_KEY = { index: "uq_post_likes_once", columns: ["post_id", "member_id"] };
const COMMENT_LIKE_KEY = { index: "uq_comment_likes_once", columns: ["comment_id", "member_id"] };

/** Likes of posts and comments: one a member and thing, held by a unique key. The counter moves before the like row. */
export class LikeRepository {
  readonly #database: Database;
  readonly #models: ContentModels;
  readonly #posts: PostRepository;
  readonly #comments: CommentRepository;
  readonly #outbox: OutboxWriter;

  constructor(
    database: Database,
    models: ContentModels,
    posts: PostRepository,
    comments: CommentRepository,
    outbox: OutboxWriter,
  ) {
    this.#database = database;
    this.#models = models;
    this.#posts = posts;
    this.#comments = comments;
    this.#outbox = outbox;
  }

  /** @throws POST_NOT_FOUND, POST_LIKE_ALREADY_EXISTS */
  async likePostOrThrow(postId: number, member: Caller): Promise<void> {
    try {
      await this.#database.transaction(async (transaction) => {
        await this.#posts.countLikeOrThrow(postId, 1, transaction);
        const like = { postId, memberId: member.id, createdAt: Date.now() };
        await this.#models.PostLike.create(like, { transaction });
        await this.#tell("LIKE_POST", member, { postId }, transaction);
      });
    } catch (error) {
      throw violates(error, POST_LIKE_KEY) ? domainError("POST_LIKE_ALREADY_EXISTS") : error;
    }
  }

  /** @throws POST_NOT_FOUND, POST_LIKE_CANCEL_ALREADY_COMMITTED */
  async unlikePostOrThrow(postId: number, member: Caller): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await this.#posts.countLikeOrThrow(postId, -1, transaction);
      const where = { postId, memberId: member.id };
      const removed = await this.#models.PostLike.destroy({ where, transaction });
      if (removed === 0) throw domainError("POST_LIKE_CANCEL_ALREADY_COMMITTED");
      await this.#tell("LIKE_POST_CANCEL", member, { postId }, transaction);
    });
  }

  /** @throws COMMENT_NOT_FOUND, COMMENT_LIKE_ALREADY_EXISTS */
  async likeCommentOrThrow(commentId: number, member: Caller): Promise<void> {
    try {
      await this.#database.transaction(async (transaction) => {
        const postId = await this.#posts.lockUnderCommentOrThrow(commentId, transaction);
        await this.#comments.countLikeOrThrow(commentId, 1, transaction);
        const like = { commentId, memberId: member.id, createdAt: Date.now() };
        await this.#models.CommentLike.create(like, { transaction });
        await this.#tell("LIKE_COMMENT", member, { postId, commentId }, transaction);
      });
    } catch (error) {
      throw violates(error, COMMENT_LIKE_KEY) ? domainError("COMMENT_LIKE_ALREADY_EXISTS") : error;
    }
  }

  /** @throws COMMENT_NOT_FOUND, COMMENT_LIKE_NOT_EXISTS */
  async unlikeCommentOrThrow(commentId: number, member: Caller): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      const postId = await this.#posts.lockUnderCommentOrThrow(commentId, transaction);
      await this.#comments.countLikeOrThrow(commentId, -1, transaction);
      const where = { commentId, memberId: member.id };
      const removed = await this.#models.CommentLike.destroy({ where, transaction });
      if (removed === 0) throw domainError("COMMENT_LIKE_NOT_EXISTS");
      await this.#tell("LIKE_COMMENT_CANCEL", member, { postId, commentId }, transaction);
    });
  }

  async #tell(
    type: EventType,
    member: Caller,
    target: { readonly postId: number; readonly commentId?: number },
    transaction: Transaction,
  ): Promise<void> {
    const event = { type, memberId: member.id, ...target, at: Date.now() };
    await this.#outbox.append([event], { transaction, requestId: member.requestId });
  }
}

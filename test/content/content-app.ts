import { expect } from "vitest";
import type { CommentDto, PostDto } from "../../contracts/dto/post.ts";
import { sql } from "../../lib/sql/sql.ts";
import contentService from "../../services/content/content.service.ts";
import { insertMember } from "../support/fixtures.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";

export interface PostState {
  readonly title: string | null;
  readonly content: string;
  readonly views: number;
  readonly likes: number;
  readonly comments: number;
  readonly score: number;
  readonly updatedAt: number;
}

export interface CommentState {
  readonly likes: number;
  readonly replies: number;
  readonly isDeleted: 0 | 1;
  readonly content: string;
  readonly updatedAt: number;
}

/** The content service with its calls, and the rows as they are stored. */
export class ContentApp {
  readonly services: ServiceUnderTest;

  constructor(services: ServiceUnderTest) {
    this.services = services;
  }

  static async start(): Promise<ContentApp> {
    return new ContentApp(await startServices(contentService));
  }

  get database() {
    return this.services.database;
  }

  stop(): Promise<void> {
    return this.services.stop();
  }

  call<T>(action: string, params: object, memberId: number): Promise<T> {
    return this.services.call<T>(`content.${action}`, params, memberId);
  }

  async members(count: number): Promise<number[]> {
    const ids: number[] = [];
    for (let index = 0; index < count; index++) {
      ids.push(await insertMember(this.database, `member_${crypto.randomUUID().slice(0, 8)}`));
    }
    return ids;
  }

  post(memberId: number, content = "A post"): Promise<PostDto> {
    return this.call("createPost", { content }, memberId);
  }

  comment(memberId: number, postId: number, content = "A comment"): Promise<CommentDto> {
    return this.call("createComment", { postId, content }, memberId);
  }

  reply(memberId: number, parent: CommentDto, content = "A reply"): Promise<CommentDto> {
    return this.call("createReply", { postId: parent.postId, parentId: parent.id, content }, memberId);
  }

  async postState(postId: number): Promise<PostState | undefined> {
    return this.database.selectOne<PostState>(
      sql`SELECT title, content, view_count AS views, like_count AS likes, comment_count AS comments, score,
                 updated_at AS updatedAt
          FROM posts WHERE id = ${postId}`,
    );
  }

  async commentState(commentId: number): Promise<CommentState | undefined> {
    return this.database.selectOne<CommentState>(
      sql`SELECT like_count AS likes, reply_count AS replies, is_deleted AS isDeleted, content,
                 updated_at AS updatedAt
          FROM comments WHERE id = ${commentId}`,
    );
  }

  /** Every counter of every living row equals what it counts. */
  async expectExactCounters(): Promise<void> {
    const wrongPosts = await this.database.select(
      sql`SELECT * FROM (
            SELECT p.id, p.like_count, p.comment_count, p.score,
              (SELECT COUNT(*) FROM post_likes l WHERE l.post_id = p.id) AS likes,
              (SELECT COUNT(*) FROM comments c WHERE c.post_id = p.id AND c.is_deleted = 0) AS comments,
              p.view_count + 2 * p.like_count AS due
            FROM posts p WHERE p.is_deleted = 0) counted
          WHERE like_count <> likes OR comment_count <> comments OR score <> due`,
    );
    const wrongComments = await this.database.select(
      sql`SELECT * FROM (
            SELECT c.id, c.like_count, c.reply_count,
              (SELECT COUNT(*) FROM comment_likes l WHERE l.comment_id = c.id) AS likes,
              (SELECT COUNT(*) FROM comments r WHERE r.parent_id = c.id AND r.is_deleted = 0) AS replies
            FROM comments c WHERE c.is_deleted = 0) counted
          WHERE like_count <> likes OR reply_count <> replies`,
    );
    const orphans = await this.database.select(
      sql`SELECT c.id FROM comments c JOIN comments parent ON parent.id = c.parent_id
          WHERE c.is_deleted = 0 AND parent.is_deleted = 1`,
    );
    expect({ wrongPosts, wrongComments, orphans }).toEqual({
      wrongPosts: [],
      wrongComments: [],
      orphans: [],
    });
  }
}

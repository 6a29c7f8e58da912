import type { Database } from "../../lib/sql/database.ts";
import { sql } from "../../lib/sql/sql.ts";
import { insertMember, withdrawMember } from "../support/fixtures.ts";

export interface WorldPost {
  readonly id: number;
  readonly authorId: number;
  readonly title: string | null;
  readonly content: string;
  readonly views: number;
  readonly likes: number;
  readonly comments: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly isDeleted: boolean;
}

export interface WorldComment {
  readonly id: number;
  readonly postId: number;
  readonly authorId: number;
  readonly parentId: number | null;
  readonly depth: number;
  readonly content: string;
  readonly createdAt: number;
  readonly isDeleted: boolean;
}

const POSTS = 260;
const COMMENTS = 420;
const HOUR = 3_600_000;

/**
 * A small network with everything that makes lists hard: equal scores and comment counts, deleted posts and comments,
 * posts older than each window, clocks that don't agree with ids, and an author who has withdrawn.
 */
export class World {
  readonly now = Date.now();
  readonly posts: WorldPost[] = [];
  readonly comments: WorldComment[] = [];
  readonly likedPosts = new Set<number>();
  readonly likedComments = new Set<number>();
  reader = 0;
  /** Followed by the reader; the last has withdrawn since. */
  followees: number[] = [];
  stranger = 0;
  /** Follows nobody and has written nothing. */
  loner = 0;
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async create(database: Database): Promise<World> {
    const world = new World(database);
    await world.#insertMembers();
    await world.#insertPosts();
    await world.#insertComments();
    return world;
  }

  get withdrawn(): number {
    return this.followees.at(-1) ?? 0;
  }

  get livingPosts(): WorldPost[] {
    return this.posts.filter(({ isDeleted }) => !isDeleted);
  }

  get livingComments(): WorldComment[] {
    const posts = new Set(this.livingPosts.map(({ id }) => id));
    return this.comments.filter(({ isDeleted, postId }) => !isDeleted && posts.has(postId));
  }

  async #insertMembers(): Promise<void> {
    this.reader = await insertMember(this.#database, "reader");
    for (const name of ["ann", "ben", "cho", "gone"]) {
      this.followees.push(await insertMember(this.#database, name));
    }
    this.stranger = await insertMember(this.#database, "stranger");
    this.loner = await insertMember(this.#database, "loner");
    for (const followee of this.followees) {
      await this.#database.insert(
        sql`INSERT INTO follows (follower_id, following_id, created_at) VALUES (${this.reader}, ${followee}, ${this.now})`,
      );
    }
    await this.#database.execute(
      sql`UPDATE profiles SET avatar_url = ${"/api/proxy/images/view/1"} WHERE member_id = ${this.followees[0] ?? 0}`,
    );
    await this.#database.execute(
      sql`UPDATE profiles SET display_name = NULL WHERE member_id = ${this.followees[1] ?? 0}`,
    );
    await withdrawMember(this.#database, this.withdrawn);
  }

  async #insertPosts(): Promise<void> {
    const authors = [this.reader, ...this.followees, this.stranger];
    await this.#database.transaction(async (transaction) => {
      for (let index = 0; index < POSTS; index++) {
        const authorId = authors[(index * 7 + (index >> 3)) % authors.length] ?? 0;
        const likes = (index * 5) % 3;
        // From 50 days ago to now, denser towards now; the clock of every tenth post's node is two minutes ahead.
        const age = ((POSTS - index) / POSTS) ** 2 * 50 * 24 * HOUR;
        const createdAt = Math.round(this.now - age - (index % 10 === 0 ? 10_000 : 130_000));
        const post = {
          authorId,
          title: index % 2 ? `Title ${index}` : null,
          content: `Text ${index}`,
          views: (index * 11) % 4,
          likes,
          comments: (index * 3) % 5,
          createdAt,
          updatedAt: createdAt + (index % 3),
          isDeleted: index % 6 === 5,
        };
        const id = await this.#database.insert(
          sql`INSERT INTO posts (author_id, title, content, view_count, like_count, comment_count, score, is_deleted,
                                 created_at, updated_at)
              VALUES (${authorId}, ${post.title}, ${post.content}, ${post.views}, ${likes}, ${post.comments},
                      ${post.views + 2 * likes}, ${post.isDeleted ? 1 : 0}, ${createdAt}, ${post.updatedAt})`,
          { transaction },
        );
        this.posts.push({ id, ...post });
        if (index % 4 !== 0) continue;
        this.likedPosts.add(id);
        for (const memberId of [this.reader, this.stranger]) {
          await this.#database.insert(
            sql`INSERT INTO post_likes (post_id, member_id, created_at) VALUES (${id}, ${memberId}, ${createdAt})`,
            { transaction },
          );
        }
      }
    });
  }

  async #insertComments(): Promise<void> {
    const authors = [this.reader, ...this.followees];
    await this.#database.transaction(async (transaction) => {
      for (let index = 0; index < COMMENTS; index++) {
        const parent = index % 3 === 0 ? undefined : this.comments[index % 3 === 1 ? (index % 2) * 3 : 1];
        const place = parent
          ? { postId: parent.postId, parentId: parent.id, depth: parent.depth + 1 }
          : { postId: this.posts[index % 4 ? 4 + (index % 5) : 0]?.id ?? 0, parentId: null, depth: 0 };
        const comment = {
          ...place,
          authorId: authors[(index >> 1) % authors.length] ?? 0,
          content: `Comment ${index}`,
          createdAt: this.now - COMMENTS + index,
          isDeleted: index > 20 && index % 9 === 4,
        };
        const id = await this.#database.insert(
          sql`INSERT INTO comments (post_id, author_id, parent_id, depth, content, like_count, reply_count, is_deleted,
                                    created_at, updated_at)
              VALUES (${comment.postId}, ${comment.authorId}, ${comment.parentId}, ${comment.depth},
                      ${comment.content}, 3, 2, ${comment.isDeleted ? 1 : 0}, ${comment.createdAt},
                      ${comment.createdAt})`,
          { transaction },
        );
        this.comments.push({ id, ...comment });
        if (index % 5 !== 0) continue;
        this.likedComments.add(id);
        await this.#database.insert(
          sql`INSERT INTO comment_likes (comment_id, member_id, created_at) VALUES (${id}, ${this.reader}, ${this.now})`,
          { transaction },
        );
      }
    });
  }
}

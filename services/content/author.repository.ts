import type { Database } from "../../lib/sql/database.ts";
import { sql } from "../../lib/sql/sql.ts";
import type { AuthorRow } from "./content.mapper.ts";

const NOBODY: AuthorRow = { handle: null, displayName: null, avatarUrl: null };

/** The profiles of those who write here, read only: they are the member service's. */
export class AuthorRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(memberId: number): Promise<AuthorRow> {
    const row = await this.#database.selectOne<AuthorRow>(
      sql`SELECT handle, display_name AS displayName, avatar_url AS avatarUrl
          FROM profiles WHERE member_id = ${memberId}`,
    );
    return row ?? NOBODY;
  }

  /** The same, and does the member like that post? One statement. */
  async findWithPostLike(memberId: number, postId: number): Promise<AuthorRow & { liked: 0 | 1 }> {
    const row = await this.#database.selectOne<AuthorRow & { liked: 0 | 1 }>(
      sql`SELECT a.handle, a.display_name AS displayName, a.avatar_url AS avatarUrl,
                 CASE WHEN mine.id IS NULL THEN 0 ELSE 1 END AS liked
          FROM profiles a LEFT JOIN post_likes mine ON mine.post_id = ${postId} AND mine.member_id = a.member_id
          WHERE a.member_id = ${memberId}`,
    );
    return row ?? { ...NOBODY, liked: 0 };
  }
}

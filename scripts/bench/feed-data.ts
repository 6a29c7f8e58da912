import type { Database } from "../../lib/sql/database.ts";
import { trusted } from "../../lib/sql/sql.ts";

/** Authors that write in turn; the reader follows all of them but the last. */
export const AUTHORS = 400;
export const READER = 1_000;
/** Posts that the comments go to in turn. */
export const COMMENTED_POSTS = 100;

/** How many scores and comment counts there are: many posts share each. */
const SCORES = 101;
const COMMENT_COUNTS = 50;

const ROWS_PER_INSERT = 2_000;
const NOW = Date.now();
const MINUTE = 60_000;

/** Writes the reader, the authors (1..400) and who follows whom. */
export async function insertMembers(database: Database): Promise<void> {
  const authors = Array.from({ length: AUTHORS }, (_, index) => index + 1);
  const members = [...authors, READER];
  await insertRows(
    database,
    "members (id, name, email, email_key, is_active, created_at, updated_at)",
    members.map((id) => `${id}, 'name', 'm${id}@example.com', 'm${id}@example.com', 1, ${NOW}, ${NOW}`),
  );
  await insertRows(
    database,
    `profiles (member_id, handle, handle_key, language_code, verification_status, privacy_level, created_at,
               updated_at)`,
    members.map((id) => `${id}, 'm${id}', 'm${id}', 'en', 'UNVERIFIED', 'PUBLIC', ${NOW}, ${NOW}`),
  );
  await insertRows(
    database,
    "follows (follower_id, following_id, created_at)",
    authors.slice(0, -1).map((id) => `${READER}, ${id}, ${NOW}`),
  );
}

/**
 * Writes the posts and comments `from + 1` to `to`, one a minute up to now, by the authors in turn.
 * Scores and comment counts have many ties.
 */
export async function insertTexts(
  database: Database,
  from: number,
  to: number,
  total: number,
): Promise<void> {
  for (let start = from; start < to; start += ROWS_PER_INSERT) {
    const ids = Array.from(
      { length: Math.min(ROWS_PER_INSERT, to - start) },
      (_, index) => start + index + 1,
    );
    const createdAt = (id: number) => NOW - (total - id) * MINUTE;
    await insertRows(
      database,
      "posts (id, author_id, content, view_count, comment_count, score, created_at, updated_at)",
      ids.map((id) => {
        const score = (id * 7_919) % SCORES;
        const time = createdAt(id);
        return `${id}, ${authorOf(id)}, 'text ${id}', ${score}, ${(id * 31) % COMMENT_COUNTS}, ${score}, ${time}, ${time}`;
      }),
    );
    await insertRows(
      database,
      "comments (id, post_id, author_id, depth, content, created_at, updated_at)",
      ids.map((id) => {
        const time = createdAt(id);
        return `${id}, ${(id % COMMENTED_POSTS) + 1}, ${authorOf(id)}, 0, 'text ${id}', ${time}, ${time}`;
      }),
    );
  }
}

/** Brings the optimiser's statistics up to date, as a server does by itself after a while. */
export async function refreshStatistics(database: Database): Promise<void> {
  const statement =
    database.dialect === "mysql" ? "ANALYZE TABLE posts, comments, follows, profiles" : "ANALYZE";
  await database.select(trusted(statement));
}

function authorOf(id: number): number {
  return (id % AUTHORS) + 1;
}

async function insertRows(database: Database, target: string, rows: readonly string[]): Promise<void> {
  await database.execute(trusted(`INSERT INTO ${target} VALUES (${rows.join("), (")})`));
}

import type { Database } from "../../lib/sql/database.ts";
import { sql } from "../../lib/sql/sql.ts";

/** Inserts a member with a profile, without credentials; answers the id. */
export async function insertMember(
  database: Database,
  handle: string,
  createdAt = Date.now(),
): Promise<number> {
  const email = `${handle.toLowerCase()}@example.com`;
  const id = await database.insert(
    sql`INSERT INTO members (name, email, email_key, is_active, created_at, updated_at)
        VALUES (${handle}, ${email}, ${email}, 1, ${createdAt}, ${createdAt})`,
  );
  await database.insert(
    sql`INSERT INTO profiles (member_id, handle, handle_key, display_name, language_code, verification_status,
                              privacy_level, followers_count, followings_count, created_at, updated_at)
        VALUES (${id}, ${handle}, ${handle.toLowerCase()}, ${`Name of ${handle}`}, 'en', 'UNVERIFIED',
                'PUBLIC', 0, 0, ${createdAt}, ${createdAt})`,
  );
  return id;
}

/** Leaves a member as a withdrawal leaves it, relations apart. */
export async function withdrawMember(database: Database, memberId: number): Promise<void> {
  await database.execute(
    sql`UPDATE members SET name = NULL, email = NULL, email_key = NULL, is_active = 0, withdrawn_at = ${Date.now()}
        WHERE id = ${memberId}`,
  );
  await database.execute(
    sql`UPDATE profiles SET handle = NULL, handle_key = NULL, display_name = NULL WHERE member_id = ${memberId}`,
  );
}

import { configOrThrow } from "../../../config/index.ts";
import { Database } from "../../../lib/sql/database.ts";
import { integer, joinSql, type Sql, sql, trusted } from "../../../lib/sql/sql.ts";
import type { MixedLoad } from "./mixed-load.ts";

const BATCH = 1_000;

/** What the product acknowledged and the database hasn't; one line each. */
export async function lostWrites(
  databaseUrl: string,
  { acknowledged }: Pick<MixedLoad, "acknowledged">,
): Promise<string[]> {
  const database = new Database(configOrThrow({ DATABASE_URL: databaseUrl }).database);
  try {
    return [
      ...(await missing(database, trusted("posts"), acknowledged.posts)).map((id) => `post ${id} is lost`),
      ...(await missing(database, trusted("comments"), acknowledged.comments)).map(
        (id) => `comment ${id} is lost`,
      ),
    ];
  } finally {
    await database.close();
  }
}

async function missing(database: Database, table: Sql, ids: ReadonlySet<number>): Promise<number[]> {
  const absent: number[] = [];
  const all = [...ids];
  for (let start = 0; start < all.length; start += BATCH) {
    const asked = all.slice(start, start + BATCH);
    const rows = await database.select<{ id: number }>(
      sql`SELECT id FROM ${table} WHERE id IN (${joinSql(asked.map(integer), ", ")})`,
    );
    const found = new Set(rows.map(({ id }) => id));
    absent.push(...asked.filter((id) => !found.has(id)));
  }
  return absent;
}

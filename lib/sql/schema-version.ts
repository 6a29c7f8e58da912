import { DatabaseError } from "sequelize";
import { MIGRATIONS } from "../../migrations/index.ts";
import type { Database } from "./database.ts";
import { sql, trusted } from "./sql.ts";

/** Where the names of the migrations that ran are kept. */
export const MIGRATIONS_TABLE = "schema_migrations";

/** Did every migration run already? @throws SERVICE_UNAVAILABLE when the store doesn't answer */
export async function isUpToDate(database: Database): Promise<boolean> {
  try {
    const rows = await database.select<{ name: string }>(sql`SELECT name FROM ${trusted(MIGRATIONS_TABLE)}`);
    const done = new Set(rows.map(({ name }) => name));
    return MIGRATIONS.every(({ name }) => done.has(name));
  } catch (error) {
    // No such table: a new database.
    if (error instanceof DatabaseError) return false;
    throw error;
  }
}

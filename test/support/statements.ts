import type { Database } from "../../lib/sql/database.ts";

/** The SQL statements that run while `work` does, in order. */
export async function statementsOf(database: Database, work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const stop = database.onStatement((statement) => statements.push(statement));
  try {
    await work();
  } finally {
    stop();
  }
  return statements;
}

/** How many transactions begin while `work` runs. */
export async function transactionsOf(database: Database, work: () => Promise<unknown>): Promise<number> {
  const statements = await statementsOf(database, work);
  return statements.filter((statement) => /: (START|BEGIN)\b/.test(statement)).length;
}

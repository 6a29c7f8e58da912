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

/** What kinds of statements run while `work` does, in order: BEGIN, SELECT, INSERT, ... */
export async function verbsOf(database: Database, work: () => Promise<unknown>): Promise<string[]> {
  return (await statementsOf(database, work)).map(verbOf);
}

/** MySQL says START TRANSACTION where SQLite says BEGIN. */
export function verbOf(statement: string): string {
  const verb = /^Executing \(.*?\): (\w+)/.exec(statement)?.[1] ?? statement;
  return verb.toUpperCase().replace(/^START$/, "BEGIN");
}

/** How many transactions begin while `work` runs. */
export async function transactionsOf(database: Database, work: () => Promise<unknown>): Promise<number> {
  return (await verbsOf(database, work)).filter((verb) => verb === "BEGIN").length;
}

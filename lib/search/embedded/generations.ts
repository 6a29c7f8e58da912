import type { SqliteHandle } from "../../sql/sqlite-handle.ts";
import type { SearchKind } from "../search-index.ts";
import { COLUMNS } from "./rows.ts";

/** Grows with every change of what is stored of a text: an index of another format is emptied. */
const FORMAT = 1;
/** A rebuild that wrote nothing for so long (milliseconds) is over: its process was killed. */
const ABANDONED_AFTER = 15 * 60_000;
/**
 * How many pieces of an index are merged little by little, and how many at a stroke. SQLite's own 4 and 16 cost half as
 * much time of writes again; merging at a stroke stops everything for a while, so that it should not come to that.
 */
const AUTOMERGE = 16;
const CRISISMERGE = 32;

const KINDS = Object.keys(COLUMNS) as SearchKind[];

/** A set of tables, one for each kind. One generation serves, others are being filled. */
export interface Generation {
  readonly id: number;
  readonly state: "serving" | "filling";
}

export const SERVING = "SELECT id FROM generations WHERE state = 'serving'";

export function tableOf(kind: SearchKind, generation: number): string {
  return `${kind}_${generation}`;
}

/** The words of a table, in order. */
export function termsOf(table: string): string {
  return `${table}_terms`;
}

/** Makes what is missing, within a transaction. */
export function prepare(writer: SqliteHandle): void {
  const [version] = writer.all("PRAGMA user_version", []) as [{ user_version: number }];
  if (version.user_version === FORMAT) return;
  writer.exec(`
    CREATE TABLE IF NOT EXISTS generations (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      state TEXT NOT NULL,
      touched_at INTEGER NOT NULL
    );
    PRAGMA user_version = ${FORMAT}`);
  for (const { id } of all(writer)) dropGeneration(writer, id);
  create(writer, "serving");
}

export function all(writer: SqliteHandle): Generation[] {
  return writer.all("SELECT id, state FROM generations ORDER BY id", []) as Generation[];
}

/** @returns its id */
export function create(writer: SqliteHandle, state: Generation["state"]): number {
  const insert = "INSERT INTO generations (state, touched_at) VALUES (?, ?)";
  const id = Number(writer.run(insert, [state, Date.now()]).lastInsertRowid);
  for (const kind of KINDS) {
    const table = tableOf(kind, id);
    const columns = COLUMNS[kind].join(", ");
    // The texts themselves are their owners'. Tokens are made here: everything but ASCII signs belongs to one.
    writer.exec(`
      CREATE VIRTUAL TABLE ${table} USING fts5(${columns}, content = '', contentless_delete = 1, tokenize = ascii);
      INSERT INTO ${table} (${table}, rank) VALUES ('automerge', ${AUTOMERGE}), ('crisismerge', ${CRISISMERGE});
      CREATE VIRTUAL TABLE ${termsOf(table)} USING fts5vocab(${table}, row)`);
  }
  return id;
}

export function dropGeneration(writer: SqliteHandle, id: number): void {
  for (const kind of KINDS) {
    const table = tableOf(kind, id);
    writer.exec(`DROP TABLE IF EXISTS ${termsOf(table)}; DROP TABLE IF EXISTS ${table}`);
  }
  writer.run("DELETE FROM generations WHERE id = ?", [id]);
}

export function dropAbandoned(writer: SqliteHandle): void {
  const abandoned = "SELECT id FROM generations WHERE state = 'filling' AND touched_at < ?";
  const rows = writer.all(abandoned, [Date.now() - ABANDONED_AFTER]) as { id: number }[];
  for (const { id } of rows) dropGeneration(writer, id);
}

/** Is it still being filled? Then its process is alive. */
export function touch(writer: SqliteHandle, id: number): boolean {
  const update = "UPDATE generations SET touched_at = ? WHERE id = ? AND state = 'filling'";
  return Number(writer.run(update, [Date.now(), id]).changes) > 0;
}

/**
 * The generation serves from now on, those before it are dropped. One that was begun later stays, and serves in its
 * turn; when it serves already, nothing changes.
 * @throws Error when the generation was taken for abandoned
 */
export function activate(writer: SqliteHandle, id: number): void {
  const generations = all(writer);
  const isThere = generations.some((generation) => generation.id === id);
  const isSuperseded = generations.some((generation) => generation.id > id && generation.state === "serving");
  if (!isThere && !isSuperseded)
    throw new Error("the new generation of the search index was given up meanwhile");
  if (isSuperseded) return;
  for (const older of generations) if (older.id < id) dropGeneration(writer, older.id);
  writer.run("UPDATE generations SET state = 'serving' WHERE id = ?", [id]);
}

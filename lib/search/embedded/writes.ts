import { nextTurnIfLong } from "../../sql/event-loop-turn.ts";
import type { SqliteHandle } from "../../sql/sqlite-handle.ts";
import type { SearchKind } from "../search-index.ts";
import { all, tableOf } from "./generations.ts";
import type { IndexFile } from "./index-file.ts";
import { COLUMNS, type Row } from "./rows.ts";

/** Characters of one transaction: some milliseconds. */
const MAX_CHARACTERS = 10_000;
/** Documents taken away by one transaction, and ids in one statement. */
const MAX_DROPS = 200;

/** Which generations are written to, asked within the transaction. */
export type Generations = (writer: SqliteHandle) => readonly number[];

/** The one that serves and those being filled. */
export const everyGeneration: Generations = (writer) => all(writer).map(({ id }) => id);

/** Adds or replaces documents, a piece at a time. */
export async function put<T>(
  file: IndexFile,
  kind: SearchKind,
  documents: readonly T[],
  rowOf: (document: T) => Row,
  generationsOf: Generations,
): Promise<void> {
  const columns = COLUMNS[kind];
  const places = columns.map(() => "?").join(", ");
  for (let start = 0; start < documents.length; ) {
    await nextTurnIfLong();
    const rows: Row[] = [];
    for (let size = 0; start < documents.length && size < MAX_CHARACTERS; start++) {
      const row = rowOf(documents[start] as T);
      size += row.size;
      rows.push(row);
    }
    await file.write((writer) => {
      for (const generation of generationsOf(writer)) {
        const insert =
          `INSERT OR REPLACE INTO ${tableOf(kind, generation)} (rowid, ${columns.join(", ")}) ` +
          `VALUES (?, ${places})`;
        for (const row of rows) writer.run(insert, [row.id, ...row.columns]);
      }
    });
  }
}

/** Takes documents away, from every generation. */
export async function drop(file: IndexFile, kind: SearchKind, ids: readonly number[]): Promise<void> {
  for (let start = 0; start < ids.length; start += MAX_DROPS) {
    const piece = ids.slice(start, start + MAX_DROPS);
    await file.write((writer) => {
      for (const generation of everyGeneration(writer)) remove(writer, tableOf(kind, generation), piece);
    });
  }
}

/** Takes the comments away that have one of these in their path, however many they are. */
export async function dropWithin(file: IndexFile, paths: readonly string[]): Promise<void> {
  for (let start = 0; start < paths.length; start += MAX_DROPS) {
    const piece = paths.slice(start, start + MAX_DROPS).map((path) => `"${path}"`);
    const expression = `path : (${piece.join(" OR ")})`;
    let mayHaveMore = true;
    while (mayHaveMore) mayHaveMore = await file.write((writer) => dropSome(writer, expression));
  }
}

/** @returns whether there may be more */
function dropSome(writer: SqliteHandle, expression: string): boolean {
  const counts = everyGeneration(writer).map((generation) => {
    const table = tableOf("comments", generation);
    const select = `SELECT rowid AS id FROM ${table} WHERE ${table} MATCH ? LIMIT ${MAX_DROPS}`;
    const ids = (writer.all(select, [expression]) as { id: number }[]).map(({ id }) => id);
    remove(writer, table, ids);
    return ids.length;
  });
  return counts.includes(MAX_DROPS);
}

function remove(writer: SqliteHandle, table: string, ids: readonly number[]): void {
  for (const id of ids) writer.run(`DELETE FROM ${table} WHERE rowid = ?`, [id]);
}

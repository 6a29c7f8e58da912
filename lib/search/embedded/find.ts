import type { SearchKind, SearchQuery, SearchResult } from "../search-index.ts";
import { tableOf } from "./generations.ts";
import type { IndexFile } from "./index-file.ts";
import { matchesOf } from "./matches.ts";
import { nearRuns } from "./near-runs.ts";

interface Question extends SearchQuery {
  /** Those of the keyword: at least one. */
  readonly words: readonly string[];
  /** Only what has this in its path. */
  readonly path: string | undefined;
}

/** One page of what a generation has, class by class, the newest of each first. */
export async function find(
  file: IndexFile,
  kind: SearchKind,
  generation: number,
  { words, path, offset, limit }: Question,
): Promise<SearchResult> {
  const table = tableOf(kind, generation);
  const near = await nearRuns(file, table, words);
  let matches = matchesOf(kind, words, near.letter, path);
  let total = await count(matches.any);
  if (total === 0 && near.syllable.size > 0) {
    matches = matchesOf(kind, words, near.syllable, path);
    total = await count(matches.any);
  }
  const ids: number[] = [];
  let from = offset;
  for (const expression of matches.classes) {
    if (ids.length >= limit || offset + ids.length >= total) break;
    const rows = await newest(expression, limit - ids.length, from);
    ids.push(...rows);
    if (rows.length > 0) from = 0;
    else if (from > 0) from -= await count(expression);
  }
  return { ids, total };

  async function count(expression: string): Promise<number> {
    const [row] = await file.read<{ count: number }>(
      `SELECT count(*) AS count FROM ${table} WHERE ${table} MATCH ?`,
      expression,
    );
    return row?.count ?? 0;
  }

  async function newest(expression: string, size: number, skipped: number): Promise<number[]> {
    const rows = await file.read<{ id: number }>(
      `SELECT rowid AS id FROM ${table} WHERE ${table} MATCH ? ORDER BY rowid DESC LIMIT ? OFFSET ?`,
      expression,
      size,
      skipped,
    );
    return rows.map(({ id }) => id);
  }
}

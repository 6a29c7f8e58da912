import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EmbeddedIndex } from "../../../lib/search/embedded/embedded-index.ts";
import { gramsOf } from "../../../lib/search/grams.ts";
import type { SearchablePost, SearchIndex } from "../../../lib/search/search-index.ts";
import { median } from "../statistics.ts";

/** Documents of one write, as of the service. */
const BATCH = 200;
const PAGE = { offset: 0, limit: 21 };

export function postsOf(texts: readonly string[]): SearchablePost[] {
  return texts.map((content, at) => ({ id: at + 1, title: "", content }));
}

/** An embedded index of these posts; `afterBatch` is called after each write. */
export async function fill(
  folder: string,
  name: string,
  posts: readonly SearchablePost[],
  afterBatch: () => void = () => undefined,
): Promise<SearchIndex> {
  const index = new EmbeddedIndex(join(folder, `${name}.sqlite`));
  await index.open();
  for (let start = 0; start < posts.length; start += BATCH) {
    await index.putPosts(posts.slice(start, start + BATCH));
    afterBatch();
  }
  return index;
}

/** Milliseconds of CPU that all threads of the process take for the work. */
export async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Plain FTS5, as it is without settings, with these rows of text, in transactions of the same size. */
export function insertBare(folder: string, name: string, tokenizer: string, rows: readonly string[]): void {
  const database = new DatabaseSync(join(folder, `${name}.sqlite`));
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE VIRTUAL TABLE bare USING fts5(text, tokenize = ${tokenizer})`);
  const insert = database.prepare("INSERT INTO bare (rowid, text) VALUES (?, ?)");
  for (let start = 0; start < rows.length; start += BATCH) {
    database.exec("BEGIN IMMEDIATE");
    rows.slice(start, start + BATCH).forEach((row, at) => {
      insert.run(start + at + 1, row);
    });
    database.exec("COMMIT");
  }
  database.close();
}

/** The grams that the index has of the posts. */
export function gramRows(posts: readonly SearchablePost[]): string[] {
  return posts.map(({ content }) => gramsOf(content));
}

/**
 * Milliseconds until the first page of each keyword is there, in each of the indexes: the median of the rounds, in which
 * the indexes take turns.
 */
export async function timesOf(
  indexes: readonly SearchIndex[],
  keywords: readonly string[],
  rounds: number,
): Promise<number[][]> {
  const times: number[][] = indexes.map(() => []);
  for (const keyword of keywords) {
    const runs: number[][] = indexes.map(() => []);
    for (let round = 0; round < rounds; round++) {
      for (const [at, index] of indexes.entries()) {
        const started = performance.now();
        await index.findPosts({ keyword, ...PAGE });
        runs[at]?.push(performance.now() - started);
      }
    }
    for (const [at, run] of runs.entries()) times[at]?.push(median(run));
  }
  return times.map((each) => each.sort((a, b) => a - b));
}

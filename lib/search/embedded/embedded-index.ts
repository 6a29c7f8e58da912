import { nextTurnIfLong } from "../../sql/event-loop-turn.ts";
import type { SqliteHandle } from "../../sql/sqlite-handle.ts";
import type {
  SearchableComment,
  SearchableMember,
  SearchablePost,
  SearchIndex,
  SearchKind,
  SearchQuery,
  SearchRebuild,
  SearchResult,
} from "../search-index.ts";
import { SearchUnavailableError } from "../search-index.ts";
import { keywordWords } from "../words.ts";
import { find } from "./find.ts";
import {
  activate,
  all,
  create,
  drop,
  dropAbandoned,
  prepare,
  SERVING,
  tableOf,
  touch,
} from "./generations.ts";
import { IndexFile, isMissingTable } from "./index-file.ts";
import { below, COLUMNS, commentRow, memberRow, ofPost, postRow, type Row } from "./rows.ts";

/** Characters of one transaction: a few milliseconds. */
const MAX_CHARACTERS = 30_000;
/** Documents taken away by one transaction, and ids in one statement. */
const MAX_DROPS = 200;
/** How often a question is asked again because the generation it asked was replaced. */
const ATTEMPTS = 5;

/**
 * The index as full-text tables of SQLite, in a file of its own: persistent, outside memory, shared by the processes of
 * one machine. It can be removed while nobody runs; the next start builds it anew.
 */
export class EmbeddedIndex implements SearchIndex {
  readonly #file: IndexFile;

  /** @param path of the file, made when it is missing */
  constructor(path: string) {
    this.#file = new IndexFile(path);
  }

  async open(): Promise<void> {
    await this.#file.open();
    await this.#file.write((writer) => {
      prepare(writer);
      dropAbandoned(writer);
    });
  }

  async close(): Promise<void> {
    this.#file.close();
  }

  putPosts(posts: readonly SearchablePost[]): Promise<void> {
    return this.#put("posts", posts, postRow);
  }

  putComments(comments: readonly SearchableComment[]): Promise<void> {
    return this.#put("comments", comments, commentRow);
  }

  putMembers(members: readonly SearchableMember[]): Promise<void> {
    return this.#put("members", members, memberRow);
  }

  async dropPosts(ids: readonly number[]): Promise<void> {
    await this.#drop("posts", ids);
    await this.#dropWithin(ids.map(ofPost));
  }

  async dropComments(ids: readonly number[]): Promise<void> {
    await this.#drop("comments", ids);
    await this.#dropWithin(ids.map(below));
  }

  async dropMembers(ids: readonly number[]): Promise<void> {
    await this.#drop("members", ids);
  }

  findPosts(query: SearchQuery): Promise<SearchResult> {
    return this.#find("posts", query);
  }

  findComments(query: SearchQuery, postId?: number): Promise<SearchResult> {
    return this.#find("comments", query, postId === undefined ? undefined : ofPost(postId));
  }

  findMembers(query: SearchQuery): Promise<SearchResult> {
    return this.#find("members", query);
  }

  async idsAfter(kind: SearchKind, id: number, limit: number): Promise<readonly number[]> {
    const rows = await this.#serving((generation) =>
      this.#file.read<{ id: number }>(
        `SELECT rowid AS id FROM ${tableOf(kind, generation)} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
        id,
        limit,
      ),
    );
    return rows.map((row) => row.id);
  }

  async rebuild(): Promise<SearchRebuild> {
    const id = await this.#file.write((writer) => {
      dropAbandoned(writer);
      return create(writer, "filling");
    });
    const only = (writer: SqliteHandle) => (touch(writer, id) ? [id] : []);
    return {
      putPosts: (posts) => this.#put("posts", posts, postRow, only),
      putComments: (comments) => this.#put("comments", comments, commentRow, only),
      putMembers: (members) => this.#put("members", members, memberRow, only),
      activate: () => this.#file.write((writer) => activate(writer, id)),
      abandon: () =>
        this.#file.write((writer) => {
          if (touch(writer, id)) drop(writer, id);
        }),
    };
  }

  async #put<T>(
    kind: SearchKind,
    documents: readonly T[],
    rowOf: (document: T) => Row,
    generationsOf = everyGeneration,
  ): Promise<void> {
    const columns = COLUMNS[kind];
    const places = columns.map(() => "?").join(", ");
    for (let start = 0; start < documents.length; ) {
      await nextTurnIfLong();
      const rows: Row[] = [];
      for (let size = 0; start < documents.length && size < MAX_CHARACTERS; start++) {
        const row = rowOf(documents[start] as T);
        for (const tokens of row.columns) size += tokens.length / 3;
        rows.push(row);
      }
      await this.#file.write((writer) => {
        for (const generation of generationsOf(writer)) {
          const insert = `INSERT OR REPLACE INTO ${tableOf(kind, generation)} (rowid, ${columns.join(", ")}) VALUES (?, ${places})`;
          for (const row of rows) writer.run(insert, [row.id, ...row.columns]);
        }
      });
    }
  }

  async #drop(kind: SearchKind, ids: readonly number[]): Promise<void> {
    for (let start = 0; start < ids.length; start += MAX_DROPS) {
      const piece = ids.slice(start, start + MAX_DROPS);
      await this.#file.write((writer) => {
        for (const generation of everyGeneration(writer)) remove(writer, tableOf(kind, generation), piece);
      });
    }
  }

  /** Takes the comments away that have one of these in their path, some at a time. */
  async #dropWithin(paths: readonly string[]): Promise<void> {
    for (let start = 0; start < paths.length; start += MAX_DROPS) {
      const piece = paths.slice(start, start + MAX_DROPS).map((path) => `"${path}"`);
      let mayHaveMore = true;
      while (mayHaveMore) {
        mayHaveMore = await this.#file.write((writer) => {
          const counts = everyGeneration(writer).map((generation) => {
            const table = tableOf("comments", generation);
            const select = `SELECT rowid AS id FROM ${table} WHERE ${table} MATCH ? LIMIT ${MAX_DROPS}`;
            const rows = writer.all(select, [`path : (${piece.join(" OR ")})`]) as { id: number }[];
            remove(
              writer,
              table,
              rows.map(({ id }) => id),
            );
            return rows.length;
          });
          return counts.includes(MAX_DROPS);
        });
      }
    }
  }

  async #find(kind: SearchKind, query: SearchQuery, path?: string): Promise<SearchResult> {
    const words = keywordWords(query.keyword);
    if (words.length === 0) return { ids: [], total: 0 };
    return this.#serving((generation) => find(this.#file, kind, generation, { ...query, words, path }));
  }

  /** Asks the generation that serves. */
  async #serving<T>(ask: (generation: number) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const [generation] = await this.#file.read<{ id: number }>(SERVING);
      if (!generation) throw new SearchUnavailableError("the search index has no generation that serves");
      try {
        return await ask(generation.id);
      } catch (error) {
        if (attempt === ATTEMPTS || !isMissingTable(error)) throw error;
      }
    }
  }
}

function everyGeneration(writer: SqliteHandle): number[] {
  return all(writer).map(({ id }) => id);
}

function remove(writer: SqliteHandle, table: string, ids: readonly number[]): void {
  for (const id of ids) writer.run(`DELETE FROM ${table} WHERE rowid = ?`, [id]);
}

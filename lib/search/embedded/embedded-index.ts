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
  create,
  dropAbandoned,
  dropGeneration,
  prepare,
  SERVING,
  tableOf,
  touch,
} from "./generations.ts";
import { IndexFile, isMissingTable } from "./index-file.ts";
import { below, commentRow, memberRow, ofPost, postRow } from "./rows.ts";
import { drop, dropWithin, everyGeneration, type Generations, put } from "./writes.ts";

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
    return put(this.#file, "posts", posts, postRow, everyGeneration);
  }

  putComments(comments: readonly SearchableComment[]): Promise<void> {
    return put(this.#file, "comments", comments, commentRow, everyGeneration);
  }

  putMembers(members: readonly SearchableMember[]): Promise<void> {
    return put(this.#file, "members", members, memberRow, everyGeneration);
  }

  async dropPosts(ids: readonly number[]): Promise<void> {
    await drop(this.#file, "posts", ids);
    await dropWithin(this.#file, ids.map(ofPost));
  }

  async dropComments(ids: readonly number[]): Promise<void> {
    await drop(this.#file, "comments", ids);
    await dropWithin(this.#file, ids.map(below));
  }

  async dropMembers(ids: readonly number[]): Promise<void> {
    await drop(this.#file, "members", ids);
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
    const only: Generations = (writer) => (touch(writer, id) ? [id] : []);
    return {
      putPosts: (posts) => put(this.#file, "posts", posts, postRow, only),
      putComments: (comments) => put(this.#file, "comments", comments, commentRow, only),
      putMembers: (members) => put(this.#file, "members", members, memberRow, only),
      activate: () => this.#file.write((writer) => activate(writer, id)),
      abandon: () =>
        this.#file.write((writer) => {
          if (touch(writer, id)) dropGeneration(writer, id);
        }),
    };
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

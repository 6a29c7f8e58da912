import {
  type SearchableComment,
  type SearchableMember,
  type SearchablePost,
  type SearchIndex,
  type SearchKind,
  type SearchQuery,
  type SearchRebuild,
  type SearchResult,
  SearchUnavailableError,
} from "../../lib/search/search-index.ts";
import type { SearchEngine } from "../../services/search/search.types.ts";

class Generation {
  readonly posts = new Map<number, SearchablePost>();
  readonly comments = new Map<number, SearchableComment>();
  readonly members = new Map<number, SearchableMember>();
}

/** The service with an index in memory. */
export function engineOf(index: SearchIndex): SearchEngine {
  return { makeIndex: () => index, highlights };
}

/** The whole text, with the keyword marked where it stands. */
function highlights(text: string, keyword: string): string[] {
  const escaped = (part: string) =>
    part.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  if (!text.includes(keyword)) return [];
  return [
    text
      .split(keyword)
      .map(escaped)
      .join(`<mark>${escaped(keyword)}</mark>`),
  ];
}

/**
 * An index that a test can look into, take away, and stop in the middle of a write. It finds a keyword as a part of the
 * text, which is what the service's tests need.
 */
export class MemoryIndex implements SearchIndex {
  /** Every call fails as if the server were away. */
  isAway = false;
  /** Thrown by the writes of what it names. */
  broken: (kind: SearchKind, id: number) => Error | undefined = () => undefined;
  /** Awaited before each write of a document. */
  beforePut: (kind: SearchKind, ids: readonly number[]) => Promise<void> = async () => undefined;
  serving = new Generation();
  filling: Generation | undefined;
  /** Walks over ids so far. */
  lookups = 0;

  async open(): Promise<void> {
    this.#assertThere();
  }

  async close(): Promise<void> {}

  putPosts(posts: readonly SearchablePost[]): Promise<void> {
    return this.#put("posts", posts, this.#generations);
  }

  putComments(comments: readonly SearchableComment[]): Promise<void> {
    return this.#put("comments", comments, this.#generations);
  }

  putMembers(members: readonly SearchableMember[]): Promise<void> {
    return this.#put("members", members, this.#generations);
  }

  async dropPosts(ids: readonly number[]): Promise<void> {
    this.#drop("posts", ids);
    for (const { comments } of this.#generations)
      for (const { id, postId } of comments.values()) if (ids.includes(postId)) comments.delete(id);
  }

  async dropComments(ids: readonly number[]): Promise<void> {
    this.#drop("comments", ids);
    for (const { comments } of this.#generations)
      for (const { id, ancestorIds } of comments.values())
        if (ancestorIds.some((ancestor) => ids.includes(ancestor))) comments.delete(id);
  }

  async dropMembers(ids: readonly number[]): Promise<void> {
    this.#drop("members", ids);
  }

  async findPosts(query: SearchQuery): Promise<SearchResult> {
    return this.#find(this.serving.posts, query, ({ title, content }) => `${title} ${content}`);
  }

  async findComments(query: SearchQuery, postId?: number): Promise<SearchResult> {
    const comments = [...this.serving.comments].filter(
      ([, c]) => postId === undefined || c.postId === postId,
    );
    return this.#find(new Map(comments), query, ({ content }) => content);
  }

  async findMembers(query: SearchQuery): Promise<SearchResult> {
    return this.#find(this.serving.members, query, ({ handle, displayName }) => `${handle} ${displayName}`);
  }

  async idsAfter(kind: SearchKind, id: number, limit: number): Promise<readonly number[]> {
    this.#assertThere();
    this.lookups++;
    const ids = [...this.serving[kind].keys()].filter((known) => known > id);
    return ids.sort((a, b) => a - b).slice(0, limit);
  }

  async rebuild(): Promise<SearchRebuild> {
    this.#assertThere();
    const generation = new Generation();
    this.filling = generation;
    return {
      putPosts: (posts) => this.#put("posts", posts, [generation]),
      putComments: (comments) => this.#put("comments", comments, [generation]),
      putMembers: (members) => this.#put("members", members, [generation]),
      activate: async () => {
        this.#assertThere();
        this.serving = generation;
        this.filling = undefined;
      },
      abandon: async () => {
        this.filling = undefined;
      },
    };
  }

  get #generations(): Generation[] {
    return this.filling ? [this.serving, this.filling] : [this.serving];
  }

  async #put<T extends { readonly id: number }>(
    kind: SearchKind,
    documents: readonly T[],
    generations: readonly Generation[],
  ): Promise<void> {
    this.#assertThere();
    await this.beforePut(
      kind,
      documents.map(({ id }) => id),
    );
    for (const document of documents) {
      const error = this.broken(kind, document.id);
      if (error) throw error;
      for (const generation of generations)
        (generation[kind] as unknown as Map<number, T>).set(document.id, document);
    }
  }

  #drop(kind: SearchKind, ids: readonly number[]): void {
    this.#assertThere();
    for (const generation of this.#generations) for (const id of ids) generation[kind].delete(id);
  }

  #find<T>(
    documents: ReadonlyMap<number, T>,
    query: SearchQuery,
    textOf: (document: T) => string,
  ): SearchResult {
    this.#assertThere();
    const { keyword, offset, limit } = query;
    const ids = [...documents].filter(([, d]) => textOf(d).includes(keyword)).map(([id]) => id);
    return { ids: ids.sort((a, b) => b - a).slice(offset, offset + limit), total: ids.length };
  }

  #assertThere(): void {
    if (this.isAway) throw new SearchUnavailableError("away");
  }
}

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
import { commentDocument, memberDocument, postDocument } from "./documents.ts";
import { exactMatches } from "./exact-matches.ts";
import { MissingCollectionError } from "./failures.ts";
import { Generations } from "./generations.ts";
import { nearByLetter, nearBySyllable } from "./near-matches.ts";
import { pieces, piecesByLength } from "./pieces.ts";
import { idsOf, MOST_HITS } from "./searches.ts";
import { type TIMEOUTS, TypesenseServer } from "./typesense-server.ts";

/** Ids in one filter: it stands in an address, which has 4,000 characters at most. */
const MOST_IDS = 100;
/** Characters of documents in one import: well under a second's work. */
const IMPORT_LENGTH = 500_000;

interface Document {
  readonly id: string;
}

export interface TypesenseOptions {
  readonly url: string;
  readonly apiKey: string;
  /** Stands before the names of all collections and aliases. */
  readonly namespace: string;
  /** Milliseconds until an answer. */
  readonly timeouts?: typeof TIMEOUTS;
}

/** The index on a Typesense server, for any number of processes. */
export class TypesenseIndex implements SearchIndex {
  readonly #server: TypesenseServer;
  readonly #generations: Generations;

  constructor({ url, apiKey, namespace, timeouts }: TypesenseOptions) {
    this.#server = new TypesenseServer(url, apiKey, timeouts);
    this.#generations = new Generations(this.#server, namespace);
  }

  open(): Promise<void> {
    return this.#generations.open();
  }

  async close(): Promise<void> {}

  /** Takes the index off the server, for good. */
  remove(): Promise<void> {
    return this.#generations.remove();
  }

  putPosts(posts: readonly SearchablePost[]): Promise<void> {
    return this.#put("posts", posts.map(postDocument));
  }

  putComments(comments: readonly SearchableComment[]): Promise<void> {
    return this.#put("comments", comments.map(commentDocument));
  }

  putMembers(members: readonly SearchableMember[]): Promise<void> {
    return this.#put("members", members.map(memberDocument));
  }

  async dropPosts(ids: readonly number[]): Promise<void> {
    await this.#deleteByIds("posts", ids, ["number"]);
    await this.#deleteByIds("comments", ids, ["postId"]);
  }

  dropComments(ids: readonly number[]): Promise<void> {
    return this.#deleteByIds("comments", ids, ["number", "ancestorIds"]);
  }

  dropMembers(ids: readonly number[]): Promise<void> {
    return this.#deleteByIds("members", ids, ["number"]);
  }

  findPosts(query: SearchQuery): Promise<SearchResult> {
    return this.#find("posts", query);
  }

  findComments(query: SearchQuery, postId?: number): Promise<SearchResult> {
    return this.#find("comments", query, postId === undefined ? undefined : `postId:${postId}`);
  }

  findMembers(query: SearchQuery): Promise<SearchResult> {
    return this.#find("members", query);
  }

  async idsAfter(kind: SearchKind, id: number, limit: number): Promise<readonly number[]> {
    const pages = pieces(Array.from({ length: limit }), MOST_HITS).map((page, at) => ({
      ...{ q: "*", filter_by: `number:>${id}`, sort_by: "number:asc", include_fields: "id" },
      ...{ offset: at * MOST_HITS, limit: page.length },
    }));
    const found = await this.#asking(() => this.#server.search(this.#generations.alias(kind), pages));
    return found.flatMap(idsOf);
  }

  async rebuild(): Promise<SearchRebuild> {
    const generations = this.#generations;
    const version = await generations.begin();
    const put = async (kind: SearchKind, documents: readonly Document[]) => {
      await generations.keepAlive(version);
      await this.#import(generations.collection(kind, version), documents);
    };
    return {
      putPosts: (posts) => put("posts", posts.map(postDocument)),
      putComments: (comments) => put("comments", comments.map(commentDocument)),
      putMembers: (members) => put("members", members.map(memberDocument)),
      activate: () => generations.activate(version),
      abandon: () => generations.abandon(version),
    };
  }

  async #put(kind: SearchKind, documents: readonly Document[]): Promise<void> {
    if (documents.length === 0) return;
    await this.#generations.writeAll(kind, (collection) => this.#import(collection, documents));
  }

  /** @throws Error that names the documents which the server refused; the others are in */
  async #import(collection: string, documents: readonly Document[]): Promise<void> {
    const refused: string[] = [];
    for (const piece of piecesByLength(documents, IMPORT_LENGTH)) {
      for (const { line, reason } of await this.#server.import(collection, piece)) {
        refused.push(`${piece[line]?.id}: ${reason}`);
      }
    }
    if (refused.length > 0) throw new Error(`${refused.length} documents were refused, first ${refused[0]}`);
  }

  async #deleteByIds(kind: SearchKind, ids: readonly number[], fields: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#generations.writeAll(kind, async (collection) => {
      for (const piece of pieces(ids, MOST_IDS)) {
        for (const field of fields)
          await this.#server.deleteWhere(collection, `${field}:[${piece.join(",")}]`);
      }
    });
  }

  async #find(
    kind: SearchKind,
    { keyword, offset, limit }: SearchQuery,
    filter?: string,
  ): Promise<SearchResult> {
    const words = keywordWords(keyword);
    if (words.length === 0) return { ids: [], total: 0 };
    const question = { collection: this.#generations.alias(kind), kind, words, filter, offset, limit };
    return this.#asking(async () => {
      const [exact, byLetter] = await Promise.all([
        exactMatches(this.#server, question),
        nearByLetter(this.#server, question),
      ]);
      const isNothing = exact.total === 0 && byLetter.length === 0;
      const near = isNothing ? await nearBySyllable(this.#server, question) : byLetter;
      const rest = near.slice(Math.max(0, offset - exact.total), Math.max(0, offset + limit - exact.total));
      return { ids: [...exact.ids, ...rest], total: exact.total + near.length };
    });
  }

  /** Where the server lost what it had, it gets empty collections, and the question is asked again. */
  async #asking<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof MissingCollectionError)) throw error;
    }
    await this.open();
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof MissingCollectionError)) throw error;
      throw new SearchUnavailableError(error.message);
    }
  }
}

import { isDeepStrictEqual } from "node:util";
import type { SearchIndex, SearchKind, SearchRebuild } from "../../lib/search/search-index.ts";
import type { Owners } from "./owners.ts";

/** Where documents are put: the index, or a generation that is being filled. */
type Sink = Pick<SearchRebuild, "putPosts" | "putComments" | "putMembers">;

/** One kind of documents: where their state comes from and where it goes. */
interface Kind<T extends { readonly id: number }> {
  readonly read: (ids: readonly number[]) => Promise<readonly T[]>;
  readonly put: (sink: Sink, documents: readonly T[]) => Promise<void>;
  readonly drop: (index: SearchIndex, ids: readonly number[]) => Promise<void>;
}

type Refresh = (ids: readonly number[], sink?: Sink) => Promise<void>;

/** Documents of one question to an owner and of one write of the index. */
export const BATCH_SIZE = 200;

/** Brings the index to the state of the owners, id by id, whatever order that is asked for in and however often. */
export class SearchIndexer {
  readonly #openIndex: () => Promise<SearchIndex>;
  readonly #refreshes: Readonly<Record<SearchKind, Refresh>>;

  constructor(openIndex: () => Promise<SearchIndex>, owners: Owners) {
    this.#openIndex = openIndex;
    this.#refreshes = {
      posts: this.#refreshOf({
        read: (ids) => owners.posts(ids),
        put: (sink, posts) => sink.putPosts(posts),
        drop: (index, ids) => index.dropPosts(ids),
      }),
      comments: this.#refreshOf({
        read: (ids) => owners.comments(ids),
        put: (sink, comments) => sink.putComments(comments),
        drop: (index, ids) => index.dropComments(ids),
      }),
      members: this.#refreshOf({
        read: (ids) => owners.members(ids),
        put: (sink, members) => sink.putMembers(members),
        drop: (index, ids) => index.dropMembers(ids),
      }),
    };
  }

  /**
   * Resolves when what can be found of these ids is what their owner says.
   * @param sink where documents are put first, in place of the index
   */
  async refresh(kind: SearchKind, ids: Iterable<number>, sink?: Sink): Promise<void> {
    const distinct = [...new Set(ids)];
    for (let start = 0; start < distinct.length; start += BATCH_SIZE) {
      await this.#refreshes[kind](distinct.slice(start, start + BATCH_SIZE), sink);
    }
  }

  /**
   * Reads, writes, and reads again until nothing changed meanwhile. Somebody else who read later may have written
   * earlier (another node, a rebuild): without the second look an old text could stay for good. What is gone stays
   * gone and needs no second look.
   */
  #refreshOf<T extends { readonly id: number }>({ read, put, drop }: Kind<T>): Refresh {
    return async (ids, sink) => {
      const index = await this.#openIndex();
      let documents = await read(ids);
      await dropMissing(ids, documents);
      for (let target: Sink = sink ?? index; documents.length > 0; target = index) {
        await put(target, documents);
        const written = new Map(documents.map((document) => [document.id, document]));
        const now = await read([...written.keys()]);
        await dropMissing([...written.keys()], now);
        documents = now.filter((document) => !isDeepStrictEqual(document, written.get(document.id)));
      }

      async function dropMissing(asked: readonly number[], found: readonly T[]): Promise<void> {
        const existing = new Set(found.map(({ id }) => id));
        const gone = asked.filter((id) => !existing.has(id));
        if (gone.length > 0) await drop(index, gone);
      }
    };
  }
}

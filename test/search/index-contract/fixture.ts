import type { SearchIndex, SearchQuery, SearchResult } from "../../../lib/search/search-index.ts";

/** An index that is empty, for one test. */
export interface IndexUnderTest {
  /** A client of its own, as another process has; not open yet. The contract closes it. */
  connect(): SearchIndex;
  remove(): Promise<void>;
}

const PAGE = { offset: 0, limit: 20 };

/** An index with a client, made anew by `start`. */
export class IndexFixture {
  readonly #make: () => Promise<IndexUnderTest>;
  #under: IndexUnderTest | undefined;
  #index: SearchIndex | undefined;
  readonly #connected: SearchIndex[] = [];

  constructor(make: () => Promise<IndexUnderTest>) {
    this.#make = make;
  }

  get index(): SearchIndex {
    if (!this.#index) throw new Error("not started");
    return this.#index;
  }

  readonly start = async (): Promise<void> => {
    this.#under = await this.#make();
    await this.reopen();
  };

  readonly stop = async (): Promise<void> => {
    for (const client of this.#connected.splice(0)) await client.close();
    await this.#under?.remove();
  };

  /** Another client, not open yet. */
  connect(): SearchIndex {
    if (!this.#under) throw new Error("not started");
    const client = this.#under.connect();
    this.#connected.push(client);
    return client;
  }

  /** Another client. */
  readonly opened = async (): Promise<SearchIndex> => {
    const client = this.connect();
    await client.open();
    return client;
  };

  async reopen(): Promise<void> {
    this.#index = await this.opened();
  }

  readonly posts = (keyword: string, page: Partial<SearchQuery> = {}, client = this.index) =>
    client.findPosts({ keyword, ...PAGE, ...page });

  readonly comments = (keyword: string, postId?: number) =>
    idsOf(this.index.findComments({ keyword, ...PAGE }, postId));

  readonly members = (keyword: string) => idsOf(this.index.findMembers({ keyword, ...PAGE }));
}

export async function idsOf(result: Promise<SearchResult>): Promise<readonly number[]> {
  return (await result).ids;
}

export function post(id: number, content: string, title = "") {
  return { id, title, content };
}

export function comment(id: number, postId: number, content: string, ancestorIds: number[] = []) {
  return { id, postId, content, ancestorIds };
}

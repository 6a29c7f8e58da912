import { Client } from "typesense";
import type { CollectionCreateSchema } from "typesense/lib/Typesense/Collections.js";
import { SearchUnavailableError } from "../search-index.ts";
import { failureOf, translated } from "./failures.ts";

/** Milliseconds until an answer, and again for the second try. Imports of many texts take longer than questions. */
export const TIMEOUTS = { read: 3_000, write: 15_000 };
const RETRIES = 1;

/** The server does no more searches in one request. */
const MOST_SEARCHES = 50;

/** One search of a request, with the parameters that we use. */
export interface Search {
  readonly q: string;
  readonly query_by?: string;
  readonly filter_by?: string;
  readonly sort_by: string;
  readonly include_fields: string;
  readonly offset?: number;
  /** 1 to 250. */
  readonly limit: number;
  readonly num_typos?: string;
  readonly prefix?: string;
  readonly max_candidates?: number;
  readonly drop_tokens_threshold?: number;
  readonly typo_tokens_threshold?: number;
}

export interface Found {
  /** How many in all. */
  readonly found: number;
  readonly documents: readonly Readonly<Record<string, unknown>>[];
}

/** A document that the server didn't take, and why. */
export interface Refusal {
  readonly line: number;
  readonly reason: string;
}

interface SearchAnswer {
  readonly found: number;
  readonly hits?: readonly { readonly document: Readonly<Record<string, unknown>> }[];
  readonly code?: number;
  readonly error?: string;
}

interface ImportLine {
  readonly success: boolean;
  readonly error?: string;
  readonly code?: number;
}

/**
 * What we ask of Typesense. Every method throws SearchUnavailableError when the server can't be reached or can't answer
 * now, MissingCollectionError and NameTakenError, and no error of the client itself.
 */
export class TypesenseServer {
  readonly #reader: Client;
  readonly #writer: Client;

  /** @param url such as http://host:8108 */
  constructor(url: string, apiKey: string, timeouts = TIMEOUTS) {
    const options = {
      nodes: [{ url: url.replace(/\/+$/, "") }],
      apiKey,
      numRetries: RETRIES,
      retryIntervalSeconds: 0.1,
      // It would write to the console, and print answers: we log what we throw.
      logLevel: "silent" as const,
    };
    this.#reader = new Client({ ...options, connectionTimeoutSeconds: timeouts.read / 1_000 });
    this.#writer = new Client({ ...options, connectionTimeoutSeconds: timeouts.write / 1_000 });
  }

  async collectionNames(): Promise<string[]> {
    const collections = await answered(this.#reader.collections().retrieve({ exclude_fields: "fields" }));
    return collections.map(({ name }) => name);
  }

  async create(schema: CollectionCreateSchema): Promise<void> {
    await answered(this.#writer.collections().create(schema));
  }

  async drop(collection: string): Promise<void> {
    await answered(this.#writer.collections(collection).delete());
  }

  /** The collection that an alias stands for. @throws MissingCollectionError without the alias */
  async aliasTarget(alias: string): Promise<string> {
    return (await answered(this.#reader.aliases(alias).retrieve())).collection_name;
  }

  async pointAlias(alias: string, collection: string): Promise<void> {
    await answered(this.#writer.aliases().upsert(alias, { collection_name: collection }));
  }

  async deleteAlias(alias: string): Promise<void> {
    await answered(this.#writer.aliases(alias).delete());
  }

  /** Adds or replaces documents; one that is refused doesn't keep the others out. */
  async import(collection: string, documents: readonly object[]): Promise<Refusal[]> {
    // Not by the client's own import, which waits without end.
    const imported = this.#writer.apiCall.performRequest<string>(
      "post",
      `/collections/${collection}/documents/import`,
      {
        queryParameters: { action: "upsert" },
        bodyParameters: documents.map((document) => JSON.stringify(document)).join("\n"),
        additionalHeaders: { "Content-Type": "text/plain" },
      },
    );
    const lines = await answered(
      imported.then((answer) => answer.split("\n").map((line) => JSON.parse(line) as ImportLine)),
    );
    return lines.flatMap(({ success, code = 400, error = "no reason" }, line) => {
      if (success) return [];
      const failure = failureOf(code, error);
      if (failure instanceof SearchUnavailableError) throw failure;
      return [{ line, reason: failure.message }];
    });
  }

  async deleteWhere(collection: string, filter: string): Promise<void> {
    await answered(this.#writer.collections(collection).documents().delete({ filter_by: filter }));
  }

  /** One search; alone, it may set how many candidates a word has. */
  async searchOne(collection: string, search: Search): Promise<Found> {
    return foundOf(
      await answered(
        this.#reader.apiCall.get<SearchAnswer>(`/collections/${collection}/documents/search`, search),
      ),
    );
  }

  /** All searches at once, or as few requests as can be; each answer in its place. */
  async search(collection: string, searches: readonly Search[]): Promise<Found[]> {
    const found: Found[] = [];
    for (let start = 0; start < searches.length; start += MOST_SEARCHES) {
      const piece = searches.slice(start, start + MOST_SEARCHES).map((search) => ({ collection, ...search }));
      const { results } = await answered(
        this.#reader.apiCall.post<{ results: SearchAnswer[] }>("/multi_search", { searches: piece }),
      );
      for (const answer of results) {
        if (answer.error !== undefined) throw failureOf(answer.code ?? 400, answer.error);
        found.push(foundOf(answer));
      }
    }
    return found;
  }
}

function foundOf({ found, hits = [] }: SearchAnswer): Found {
  return { found, documents: hits.map(({ document }) => document) };
}

async function answered<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw translated(error);
  }
}

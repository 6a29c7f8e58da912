import { filterOf } from "./filters.ts";
import { HttpFailure } from "./http-failure.ts";
import type { Request } from "./requests.ts";
import { type SearchParameters, search } from "./search.ts";
import type { Store } from "./store.ts";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly isText?: boolean;
}

/** Most searches of one request. */
const MOST_SEARCHES = 50;

export function answerOrThrow(store: Store, request: Request): Answer {
  const [room, name, part, action] = request.path;
  if (room === "health") return { status: 200, body: { ok: true } };
  if (request.method !== "GET" && room !== "multi_search") store.assertWritable();
  if (room === "multi_search") return multiSearch(store, request);
  if (room === "aliases") return aliases(store, request, name);
  if (room !== "collections") throw new HttpFailure(404, "Not Found");
  if (name === undefined) return collections(store, request);
  if (part === undefined) return collection(store, request, name);
  if (action === "search") return searchOne(store, request, name);
  return action === "import" ? importLines(store, request, name) : deleteDocuments(store, request, name);
}

function collections(store: Store, { method, body }: Request): Answer {
  if (method === "POST") return { status: 201, body: store.createOrThrow(JSON.parse(body)).description };
  return {
    status: 200,
    body: [...store.collections.values()].reverse().map(({ description }) => description),
  };
}

function collection(store: Store, { method }: Request, name: string): Answer {
  if (method === "DELETE" && !store.collections.has(name)) {
    throw new HttpFailure(404, `No collection with name \`${name}\` found.`);
  }
  const { description, schema } = store.collectionOrThrow(name);
  if (method === "DELETE") store.collections.delete(schema.name);
  return { status: 200, body: description };
}

function aliases(store: Store, { method, body }: Request, name: string | undefined): Answer {
  const shown = (alias: string) => ({ name: alias, collection_name: store.aliases.get(alias) });
  if (name === undefined) return { status: 200, body: { aliases: [...store.aliases.keys()].map(shown) } };
  if (method === "PUT") {
    if (store.collections.has(name))
      throw new HttpFailure(500, `Name \`${name}\` conflicts with an existing collection name.`);
    // Whether the collection exists isn't looked at.
    store.aliases.set(name, JSON.parse(body).collection_name);
    return { status: 200, body: shown(name) };
  }
  if (!store.aliases.has(name)) throw new HttpFailure(404, "Not Found");
  const answer = { status: 200, body: shown(name) };
  if (method === "DELETE") store.aliases.delete(name);
  return answer;
}

function importLines(store: Store, { body }: Request, name: string): Answer {
  const target = store.collectionOrThrow(name);
  const results = body.split("\n").map((line) => {
    try {
      const document = JSON.parse(line);
      const refusal = store.refusalOf(document);
      if (refusal !== undefined) throw new HttpFailure(400, refusal);
      target.upsertOrThrow(document);
      return { success: true };
    } catch (error) {
      const { status, message } = error as HttpFailure;
      return { code: status, document: line, error: message, success: false };
    }
  });
  return { status: 200, isText: true, body: results.map((result) => JSON.stringify(result)).join("\n") };
}

function deleteDocuments(store: Store, { query }: Request, name: string): Answer {
  const target = store.collectionOrThrow(name);
  const matches = filterOf(target, query.filter_by);
  const numbers = [...target.documents.keys()].filter(matches);
  for (const number of numbers) target.remove(number);
  return { status: 200, body: { num_deleted: numbers.length } };
}

/** Most bytes of a query. */
const LONGEST_QUERY = 4_000;

function searchOne(store: Store, { query, queryLength }: Request, name: string): Answer {
  if (queryLength > LONGEST_QUERY) {
    throw new HttpFailure(400, `Query string exceeds max allowed length of ${LONGEST_QUERY}.`);
  }
  const numbers = /^(?:offset|limit|max_candidates|.*_threshold)$/;
  const parameters = Object.entries(query).map(([key, value]) => [
    key,
    numbers.test(key) ? Number(value) : value,
  ]);
  return { status: 200, body: search(store.collectionOrThrow(name), Object.fromEntries(parameters)) };
}

/** What is wrong with one search stands in its own result. */
function multiSearch(store: Store, { body }: Request): Answer {
  const { searches } = JSON.parse(body) as { searches: (SearchParameters & { collection: string })[] };
  if (searches.length > MOST_SEARCHES) {
    throw new HttpFailure(400, "Number of multi searches exceeds `limit_multi_searches` parameter.");
  }
  const results = searches.map(({ collection, ...parameters }) => {
    try {
      return search(store.collectionOrThrow(collection), parameters);
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      return { code: error.status, error: error.message };
    }
  });
  return { status: 200, body: { results } };
}

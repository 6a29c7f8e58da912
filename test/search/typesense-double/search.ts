import { filterOf } from "./filters.ts";
import { HttpFailure } from "./http-failure.ts";
import { type Query, queryOf } from "./query.ts";
import type { StoredCollection, StoredDocument } from "./stored-collection.ts";
import { distance } from "./tokens.ts";

/** The parameters that the double knows; it refuses any other. */
export interface SearchParameters {
  readonly q: string;
  readonly query_by?: string;
  readonly filter_by?: string;
  readonly sort_by?: string;
  readonly offset?: number;
  readonly limit?: number;
  readonly include_fields?: string;
  readonly num_typos?: string;
  readonly prefix?: string;
  readonly max_candidates?: number;
  readonly drop_tokens_threshold?: number;
  readonly typo_tokens_threshold?: number;
  readonly min_len_1typo?: number;
  readonly exhaustive_search?: boolean;
}

const KNOWN = new Set(
  ["q query_by filter_by sort_by offset limit include_fields num_typos prefix max_candidates"]
    .concat("drop_tokens_threshold typo_tokens_threshold min_len_1typo exhaustive_search")
    .flatMap((names) => names.split(" ")),
);

/** Most hits of one answer. */
const MOST_HITS = 250;

/** What a token of a query stands for: the documents of every token that is near enough, with the letters they differ. */
type Candidates = Map<number, number>;

export function search(collection: StoredCollection, parameters: SearchParameters): object {
  const unknown = Object.keys(parameters).find((name) => !KNOWN.has(name));
  if (unknown) throw new HttpFailure(500, `the double doesn't know the parameter ${unknown}`);
  const { q, query_by = "", filter_by, offset = 0, limit = 10, include_fields } = parameters;
  if (limit > MOST_HITS) throw new HttpFailure(422, `Only upto ${MOST_HITS} hits can be fetched per page.`);
  const fields = query_by.split(",").filter((name) => name !== "");
  const query = queryOf(q);
  const scores = new Map<number, number>();
  const isAllowed = filterOf(collection, filter_by);
  for (const number of collection.documents.keys()) if (isAllowed(number)) scores.set(number, 0);
  if (query.phrases.length > 0) keep(scores, phraseMatches(collection, fields, query));
  for (const phrase of query.excluded) {
    for (const field of fields)
      for (const number of phraseDocuments(collection, field, phrase)) scores.delete(number);
  }
  if (!query.isWildcard) keep(scores, wordMatches(collection, fields, query.words, parameters));
  const found = sorted(collection, scores, parameters.sort_by);
  const hits = found.slice(offset, offset + limit).map((number) => {
    const document = collection.documents.get(number) as StoredDocument;
    return { document: pruned(document, include_fields), highlights: [], text_match: scores.get(number) };
  });
  return { found: found.length, hits, out_of: collection.documents.size, page: 1, search_time_ms: 0 };
}

function keep(scores: Map<number, number>, matches: ReadonlyMap<number, number>): void {
  for (const number of [...scores.keys()]) {
    const score = matches.get(number);
    if (score === undefined) scores.delete(number);
    else scores.set(number, (scores.get(number) ?? 0) + score);
  }
}

/** Within a field, a phrase that nothing has is skipped and not ANDed; the same goes for one that left nothing. */
function phraseMatches(collection: StoredCollection, fields: readonly string[], query: Query) {
  const matches = new Map<number, number>();
  for (const field of fields) {
    let documents: Set<number> = new Set();
    for (const phrase of query.phrases) {
      const found = phraseDocuments(collection, field, phrase);
      if (found.size === 0) continue;
      documents =
        documents.size === 0 ? found : new Set([...documents].filter((number) => found.has(number)));
    }
    for (const number of documents) matches.set(number, 100_000);
  }
  return matches;
}

function phraseDocuments(
  collection: StoredCollection,
  field: string,
  phrase: readonly string[],
): Set<number> {
  const [first, ...rest] = phrase.map((token) => collection.postings(field, token));
  const follows = (number: number, start: number) =>
    rest.every((postings, at) => postings.get(number)?.includes(start + at + 1));
  return new Set(
    [...(first ?? [])].flatMap(([number, places]) =>
      places.some((at) => follows(number, at)) ? [number] : [],
    ),
  );
}

/** Documents with a candidate of each word. Only the last word may be a beginning. */
function wordMatches(
  collection: StoredCollection,
  fields: readonly string[],
  words: readonly string[],
  parameters: SearchParameters,
): Map<number, number> {
  const { drop_tokens_threshold = 1, exhaustive_search = false } = parameters;
  const candidates = words.map((word, at) =>
    candidatesOf(collection, fields, word, at === words.length - 1, parameters),
  );
  for (let kept = candidates; ; kept = kept.slice(0, -1)) {
    const [first = new Map<number, number>(), ...rest] = kept;
    const matches = new Map<number, number>();
    for (const [number, cost] of first) {
      const costs = rest.map((other) => other.get(number));
      if (!costs.includes(undefined))
        matches.set(number, 1_000 - cost - costs.reduce<number>((a, b) => a + (b ?? 0), 0));
    }
    // The search that is called exhaustive drops words all the same.
    const drops = exhaustive_search || matches.size < drop_tokens_threshold;
    if (kept.length <= 1 || !drops) return matches;
  }
}

function candidatesOf(
  collection: StoredCollection,
  fields: readonly string[],
  word: string,
  isLast: boolean,
  parameters: SearchParameters,
): Candidates {
  const { num_typos = "2", prefix = "true", max_candidates = 4, typo_tokens_threshold = 1 } = parameters;
  const { min_len_1typo = 4 } = parameters;
  const documents: Candidates = new Map();
  const most = Buffer.byteLength(word) < min_len_1typo ? 0 : 2;
  for (let cost = 0; cost <= most; cost++) {
    if (cost > 0 && documents.size >= typo_tokens_threshold) break;
    fields.forEach((field, place) => {
      if (cost > Number(valueAt(num_typos, place))) return;
      const isPrefix = isLast && valueAt(prefix, place) === "true";
      const near = [...collection.vocabulary(field)].filter(
        (token) => distance(word, token, isPrefix) === cost,
      );
      const frequent = near.sort(
        (a, b) => collection.postings(field, b).size - collection.postings(field, a).size,
      );
      for (const token of frequent.slice(0, max_candidates)) {
        for (const number of collection.postings(field, token).keys()) {
          if (!documents.has(number)) documents.set(number, cost);
        }
      }
    });
  }
  return documents;
}

/** One value for all fields, or one for each. */
function valueAt(list: string, place: number): string {
  const values = list.split(",");
  return values[place] ?? values[0] ?? "";
}

type Key = (number: number) => number;

/** By up to three keys: fields, `_text_match`, and `_eval` with the score of the first filter that holds. */
function sorted(
  collection: StoredCollection,
  scores: ReadonlyMap<number, number>,
  sortBy?: string,
): number[] {
  const given = sortBy ?? `_text_match:desc,${collection.schema.default_sorting_field}:desc`;
  const keys = [...given.matchAll(/(_eval\(\[.*?\]\)|\w+):(asc|desc)(?:,|$)/g)].map(
    ([, name = "", direction]) => {
      const key = keyOf(collection, scores, name);
      return direction === "asc" ? key : (number: number) => -key(number);
    },
  );
  if (keys.length === 0 || keys.length > 3) throw new HttpFailure(400, "Parameter `sort_by` is malformed.");
  return [...scores.keys()].sort((a, b) => {
    for (const key of keys) if (key(a) !== key(b)) return key(a) - key(b);
    return b - a;
  });
}

function keyOf(collection: StoredCollection, scores: ReadonlyMap<number, number>, name: string): Key {
  if (name === "_text_match") return (number) => scores.get(number) ?? 0;
  if (!name.startsWith("_eval")) {
    collection.fieldOrThrow(name);
    return (number) => Number(collection.documents.get(number)?.[name]);
  }
  const conditions = [...name.matchAll(/\(([^()]+)\):(\d+)/g)].map(([, filter, score]) => ({
    holds: filterOf(collection, filter),
    score: Number(score),
  }));
  return (number) => conditions.find(({ holds }) => holds(number))?.score ?? 0;
}

function pruned(document: StoredDocument, includeFields: string | undefined): object {
  if (includeFields === undefined) return document;
  const names = includeFields.split(",").map((name) => name.trim());
  return Object.fromEntries(Object.entries(document).filter(([name]) => names.includes(name)));
}

import { keystrokes } from "../hangul.ts";
import { type Nearness, nearness, runsOf, toleratesTypo } from "../typos.ts";
import { filtersOf, gramsOf, joined, MOST_HITS, STRICT } from "./searches.ts";
import type { Found, Search, TypesenseServer } from "./typesense-server.ts";

/** Texts that are looked at for one word, at most: those with a wrong letter first. */
const MOST_CANDIDATES = 4 * MOST_HITS;
/** Texts of one answer, however many words there are: they may be long. */
const LEAST_HITS = 25;
/** From this length on, one half of a word is enough to look for. */
const HALVED = 8;
/** Any number of texts with the word itself doesn't keep the server from looking for wrong letters. */
const ALWAYS = 1_000_000_000;

export interface NearQuestion {
  readonly collection: string;
  readonly words: readonly string[];
  readonly filter: string | undefined;
}

/** Texts that have all of the words, at least one of them with one wrong letter only; the newest first. */
export async function nearByLetter(server: TypesenseServer, question: NearQuestion): Promise<number[]> {
  const ids: number[] = [];
  let words = question.words.filter(toleratesTypo);
  const limit = Math.max(LEAST_HITS, Math.floor(MOST_HITS / words.length));
  for (let offset = 0; words.length > 0 && offset < MOST_CANDIDATES; offset += limit) {
    const searches = words.map((word) => ({ ...byLetter(word), offset, limit }));
    const answers = await Promise.all(
      candidates(question, searches).map((search) => server.searchOne(question.collection, search)),
    );
    const near = answers.map(({ documents }) => nearOnes(documents, question.words, ["letter"]));
    ids.push(...near.flat());
    // Once a page ends with an exact match, nothing else follows.
    words = words.filter((_, at) => {
      const { found = 0, documents = [] } = answers[at] ?? {};
      return found > offset + limit && near[at]?.includes(Number(documents.at(-1)?.id));
    });
  }
  return newestFirst(ids);
}

/** The same with one wrong letter or syllable, as far as the newest candidates go. */
export async function nearBySyllable(server: TypesenseServer, question: NearQuestion): Promise<number[]> {
  const searches = question.words.filter(toleratesTypo).flatMap(bySyllable);
  if (searches.length === 0) return [];
  const answers = await server.search(question.collection, candidates(question, searches));
  const documents = answers.flatMap((answer) => answer.documents);
  return newestFirst(nearOnes(documents, question.words, ["letter", "syllable"]));
}

type CandidateSearch = Omit<Search, "sort_by" | "include_fields" | "limit"> & Partial<Search>;

/** What may be near: it has, besides, the words that tolerate no wrong letter. */
function candidates({ words, filter }: NearQuestion, searches: readonly CandidateSearch[]): Search[] {
  const others = filtersOf(words.filter((word) => !toleratesTypo(word)));
  return searches.map(({ filter_by, ...search }) => ({
    ...{ sort_by: "number:desc", limit: MOST_HITS, ...search, include_fields: "id,words" },
    ...joined([filter, filter_by, ...others]),
  }));
}

function newestFirst(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => b - a);
}

function nearOnes(
  documents: Found["documents"],
  words: readonly string[],
  accepted: readonly Nearness[],
): number[] {
  return documents.flatMap((found) => (isNear(String(found.words), words, accepted) ? Number(found.id) : []));
}

/** What has all words as they are is an exact match, and none of these. */
function isNear(text: string, words: readonly string[], accepted: readonly Nearness[]): boolean {
  const wrong = words.filter((word) => !text.includes(word));
  if (wrong.length === 0) return false;
  const runs = runsOf(text);
  return wrong.every(
    (word) =>
      toleratesTypo(word) &&
      runs.some((run) => {
        const by = nearness(word, run);
        return by !== undefined && accepted.includes(by);
      }),
  );
}

/** Texts with a run that begins with the word as it is typed, or nearly. The worse a text matches, the earlier. */
function byLetter(word: string): CandidateSearch {
  return {
    ...{ q: keystrokes(word), query_by: "keys", ...STRICT, num_typos: "1", prefix: "true" },
    ...{ typo_tokens_threshold: ALWAYS, max_candidates: 10_000, sort_by: "_text_match:asc,number:desc" },
  };
}

/**
 * Texts with what is left of a Korean word, wherever its wrong syllable is: what stands before and after that, and for
 * two that are swapped, the word with these swapped back. Of a long word, one of its halves is left in any case.
 */
function bySyllable(word: string): CandidateSearch[] {
  if (!/^[가-힣ㄱ-ㅣ]/.test(word)) return [];
  const half = Math.floor(word.length / 2);
  if (word.length >= HALVED) return [having(word.slice(0, half - 1)), having(word.slice(half + 1))];
  const places = [...word].map((_, at) => at);
  const split = places.map((at) => having(word.slice(0, at), word.slice(at + 1)));
  const swapped = places.slice(1).map((at) => having(withSwapped(word, at)));
  return [...split, ...swapped];
}

function withSwapped(word: string, at: number): string {
  return `${word.slice(0, at - 1)}${word[at]}${word[at - 1]}${word.slice(at + 1)}`;
}

/** Texts that have the parts, the longest as a phrase. */
function having(...parts: readonly string[]): CandidateSearch {
  const [longest = "", ...others] = parts.filter((part) => part !== "").sort((a, b) => b.length - a.length);
  const q = `"${gramsOf(longest, "inside")}"`;
  return { ...{ q, query_by: "text", ...STRICT }, ...joined(filtersOf(others)) };
}

import type { SearchKind } from "../search-index.ts";
import { filtersOf, gramsOf, idsOf, joined, lengthOf, MOST_HITS, STRICT } from "./searches.ts";
import { safeTokens, startTokens } from "./tokens.ts";
import type { Search, TypesenseServer } from "./typesense-server.ts";

/** How good matches are, best first, but for those inside of words: what a text has where all of the words stand so. */
const CLASSES: Readonly<Record<SearchKind, readonly ((words: readonly string[]) => string)[]>> = {
  posts: [(words) => hasAll(words, "title", "titleCharacters"), hasAllAtStarts],
  comments: [hasAllAtStarts],
  members: [(words) => `names:${safeTokens(words.join(" "))}`, hasAllAtStarts],
};

export interface ExactQuestion {
  readonly collection: string;
  readonly kind: SearchKind;
  readonly words: readonly string[];
  readonly filter: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** What has all of the words as parts of its own, best class first, then the newest. */
export async function exactMatches(
  server: TypesenseServer,
  { collection, kind, words, filter, offset, limit }: ExactQuestion,
): Promise<{ ids: number[]; total: number }> {
  const { phrases, filters } = needsOf(words);
  const q = phrases.length === 0 ? "*" : phrases.join(" ");
  const pages: Search[] = [];
  for (let start = 0; start < limit; start += MOST_HITS) {
    pages.push({
      ...{ q, query_by: "text", ...STRICT, ...joined([filter, ...filters]) },
      ...{ sort_by: orderOf(kind, words), include_fields: "id" },
      ...{ offset: offset + start, limit: Math.min(MOST_HITS, limit - start) },
    });
  }
  const checks = checksOf(phrases);
  const answers = await server.search(collection, [...checks, ...pages]);
  if (answers.slice(0, checks.length).some(({ found }) => found === 0)) return { ids: [], total: 0 };
  const found = answers.slice(checks.length);
  return { ids: found.flatMap(idsOf), total: found[0]?.found ?? 0 };
}

/**
 * A word of three characters or more is a phrase of its grams. One of two is a single gram, and one of one character
 * is a character, for which filters are as good; yet there should be a phrase.
 */
function needsOf(words: readonly string[]): { phrases: string[]; filters: string[] } {
  const long = words.filter((word) => lengthOf(word) > 2);
  const phrased = long.length > 0 ? long : words.filter((word) => lengthOf(word) === 2).slice(0, 1);
  return {
    phrases: phrased.map((word) => `"${gramsOf(word, "inside")}"`),
    filters: filtersOf(words.filter((word) => !phrased.includes(word))),
  };
}

/**
 * The server skips a phrase that nothing has, and forgets those before it once they leave nothing. So we ask for each
 * on its own, and for the first two, three and so on: where one of these finds nothing, nothing has them all.
 */
function checksOf(phrases: readonly string[]): Search[] {
  if (phrases.length < 2) return [];
  const partial = phrases.slice(2).map((_, at) => phrases.slice(0, at + 2).join(" "));
  return [...phrases, ...partial].map((q) => ({
    ...{ q, query_by: "text", ...STRICT, sort_by: "number:desc", include_fields: "id", limit: 1 },
  }));
}

/** The first class that a text is in counts. */
function orderOf(kind: SearchKind, words: readonly string[]): string {
  const classes = CLASSES[kind];
  const scored = classes.map((condition, at) => `(${condition(words)}):${classes.length - at}`);
  return `_eval([${scored.join(",")}]):desc,number:desc`;
}

function hasAll(words: readonly string[], text: string, characters: string): string {
  return filtersOf(words, text, characters).join(" && ");
}

/** Grams stand in any place; the first two characters do so at the beginning of a word. */
function hasAllAtStarts(words: readonly string[]): string {
  const grams = `text:${words.map((word) => gramsOf(word, "start")).join(" ")}`;
  const starts = startTokens(words);
  return starts === "" ? grams : `${grams} && starts:${starts}`;
}

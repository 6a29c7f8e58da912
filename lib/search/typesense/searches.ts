import { type Place, phraseOf } from "../grams.ts";
import { safeTokens } from "./tokens.ts";
import type { Found, Search } from "./typesense-server.ts";

/** The server gives no more hits at once. */
export const MOST_HITS = 250;

/** No word is left out, and none is taken for another. */
export const STRICT = {
  num_typos: "0",
  prefix: "false",
  drop_tokens_threshold: 0,
  typo_tokens_threshold: 0,
} as const;

/** Filters for texts that have all parts, each in one piece up to two characters, and any order of grams beyond. */
export function filtersOf(parts: readonly string[], text = "text", characters = "characters"): string[] {
  const grams = parts.filter((part) => lengthOf(part) > 1).map((part) => gramsOf(part, "inside"));
  const single = parts.filter((part) => lengthOf(part) === 1).map(safeTokens);
  return [
    ...(grams.length > 0 ? [`${text}:${grams.join(" ")}`] : []),
    ...(single.length > 0 ? [`${characters}:${single.join(" ")}`] : []),
  ];
}

/** In characters. */
export function lengthOf(word: string): number {
  return [...word].length;
}

/** The grams of a word as tokens, parted by spaces. */
export function gramsOf(word: string, place: Place): string {
  return safeTokens(phraseOf(word, place).grams);
}

/** What holds only where all filters do. */
export function joined(filters: readonly (string | undefined)[]): Pick<Search, "filter_by"> {
  const filterBy = filters.filter((filter) => filter !== undefined).join(" && ");
  return filterBy === "" ? {} : { filter_by: filterBy };
}

export function idsOf({ documents }: Found): number[] {
  return documents.map(({ id }) => Number(id));
}

import { wordsOf } from "./words.ts";

/** Stands for what is between words; no text has it, since it is neither a letter nor a digit. */
export const BOUNDARY = "\ue000";

/** Where a keyword's word stands in a word of the text. */
export type Place = "inside" | "start" | "whole";

/** How a word is found among the grams of a text. */
export interface GramPhrase {
  /** These, one after the other; parted by spaces. */
  readonly grams: string;
  /** Whether the last one (then the only one) may go on: one character is the beginning of any gram. */
  readonly isPrefix: boolean;
}

/**
 * What is indexed of a text: every two neighbouring characters, with BOUNDARY before, between and after words, parted by
 * spaces. `오늘 날` has ␣오 오늘 늘␣ ␣날 날␣. Empty where the text has no word.
 */
export function gramsOf(text: string): string {
  const words = wordsOf(text);
  return words.length === 0 ? "" : pairsOf(BOUNDARY + words.join(BOUNDARY) + BOUNDARY);
}

/** What finds texts that have the word: as a part of any word, at the beginning of one, or as a word of its own. */
export function phraseOf(word: string, place: Place): GramPhrase {
  if (place === "whole") return { grams: pairsOf(BOUNDARY + word + BOUNDARY), isPrefix: false };
  if (place === "start") return { grams: pairsOf(BOUNDARY + word), isPrefix: false };
  const grams = pairsOf(word);
  return grams === "" ? { grams: word, isPrefix: true } : { grams, isPrefix: false };
}

function pairsOf(text: string): string {
  const isPlain = !/[\ud800-\udfff]/.test(text);
  const characters: ArrayLike<string> = isPlain ? text : [...text];
  let pairs = "";
  for (let at = 1; at < characters.length; at++) {
    pairs += `${pairs === "" ? "" : " "}${characters[at - 1]}${characters[at]}`;
  }
  return pairs;
}

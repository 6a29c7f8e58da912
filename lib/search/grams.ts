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

const SPACE = 0x20;
/** Where grams are put together: as many small strings, they cost twice the time. */
let units = new Uint16Array(1_000);

function pairsOf(text: string): string {
  if (/[\ud800-\udfff]/.test(text)) {
    const characters = [...text];
    return characters
      .slice(1)
      .map((character, at) => `${characters[at]}${character}`)
      .join(" ");
  }
  const size = 3 * (text.length - 1);
  if (size > units.length) units = new Uint16Array(size * 2);
  for (let from = 0, to = 0; to < size; from++, to += 3) {
    units[to] = text.charCodeAt(from);
    units[to + 1] = text.charCodeAt(from + 1);
    units[to + 2] = SPACE;
  }
  return Buffer.from(units.buffer).toString("utf16le", 0, Math.max(0, 2 * (size - 1)));
}

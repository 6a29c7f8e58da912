import { keystrokes } from "./hangul.ts";
import { folded } from "./words.ts";

const HANGUL = "[\\uac00-\\ud7a3\\u3131-\\u3163]";
const TOLERANT = new RegExp(`^(?:${HANGUL}{4,}|\\p{Script=Latin}{5,})$`, "u");
/** What is laughed (ㅋㅋ) before a word is no part of it. */
const RUNS = /[가-힣](?:[가-힣]|[ㄱ-ㅣ](?=[가-힣])){2,}|\p{Script=Latin}{4,}/gu;
/** Longer ones are cut: a keyword has 100 characters, and may have one more than the text. */
const LONGEST_RUN = 101;

/** By a letter (in Korean a vowel or consonant, as it is typed), or else by a whole syllable. */
export type Nearness = "letter" | "syllable";

/** May one letter be wrong in this word of a keyword? From 4 Korean syllables or 5 Latin letters on. */
export function toleratesTypo(word: string): boolean {
  return TOLERANT.test(word);
}

/**
 * The different parts of a text's words that a tolerant word can be near to: runs of one script, so that a Latin word
 * is found with a particle attached. Folded, in order.
 */
export function runsOf(text: string): string[] {
  const runs = folded(text).match(RUNS) ?? [];
  return [...new Set(runs.map((run) => (run.length > LONGEST_RUN ? run.slice(0, LONGEST_RUN) : run)))];
}

/**
 * Does the run begin with a tolerant word of which one letter is substituted, added, missing or swapped with its
 * neighbour? "letter", too, where none is.
 */
export function nearness(word: string, run: string): Nearness | undefined {
  if (isHangul(word) !== isHangul(run)) return undefined;
  if (!isHangul(word)) return beginsNear(word, run) ? "letter" : undefined;
  if (beginsNear(keystrokes(word), keystrokes(run))) return "letter";
  return beginsNear(word, run) ? "syllable" : undefined;
}

function isHangul(run: string): boolean {
  return /^[\uac00-\ud7a3\u3131-\u3163]/.test(run);
}

/** With one edit, everything after the first difference must fit again. */
function beginsNear(word: string, text: string): boolean {
  let at = 0;
  while (at < word.length && word[at] === text[at]) at++;
  const rest = word.slice(at + 1);
  return (
    at === word.length ||
    text.startsWith(rest, at + 1) ||
    text.startsWith(rest, at) ||
    text.startsWith(word.slice(at), at + 1) ||
    (word[at] === text[at + 1] && word[at + 1] === text[at] && text.startsWith(word.slice(at + 2), at + 2))
  );
}

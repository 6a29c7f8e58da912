import { type Nearness, nearness, toleratesTypo } from "../typos.ts";
import { termsOf } from "./generations.ts";
import type { IndexFile } from "./index-file.ts";
import { forward, runOf, turned } from "./rows.ts";

/** What runs of an index begin with that a word is near to, by what makes it differ. */
export interface Near {
  readonly letter: ReadonlyMap<string, readonly string[]>;
  /** Those and the ones that differ by a syllable. */
  readonly syllable: ReadonlyMap<string, readonly string[]>;
}

/** From the first text to before the second. */
type Range = readonly [string, string];

/** Most terms of a range that are looked at, and most beginnings of a word. */
const MAX_TERMS = 2_000;
const MAX_BEGINNINGS = 100;

const LAST = "\u{10ffff}";
const FIRST_SYLLABLE = 0xac00;
/** Syllables with the same first consonant. */
const BLOCK = 588;
const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";

/** Looks up what the words of a keyword may have been meant to be, among the words of a table. */
export async function nearRuns(file: IndexFile, table: string, words: readonly string[]): Promise<Near> {
  const [letter, syllable] = [new Map<string, string[]>(), new Map<string, string[]>()];
  for (const word of words.filter(toleratesTypo)) {
    const beginnings = { letter: new Set<string>(), syllable: new Set<string>() };
    for (const run of await candidates(file, table, word)) {
      const by = nearness(word, run);
      if (by) beginnings[by].add(beginningOf(word, run, by));
    }
    const all = [...beginnings.letter, ...beginnings.syllable].slice(0, MAX_BEGINNINGS);
    if (beginnings.letter.size > 0) letter.set(word, all.slice(0, beginnings.letter.size));
    if (all.length > 0) syllable.set(word, all);
  }
  return { letter, syllable };
}

/** The shortest beginning of the run that is as near to the word. */
function beginningOf(word: string, run: string, by: Nearness): string {
  let end = Math.max(1, word.length - 2);
  while (end < run.length && nearness(word, run.slice(0, end)) !== by) end++;
  return run.slice(0, end);
}

async function candidates(file: IndexFile, table: string, word: string): Promise<string[]> {
  const runs = new Set<string>();
  for (const [from, to] of rangesOf(word)) {
    const terms = await file.read<{ term: string }>(
      `SELECT term FROM ${termsOf(table)} WHERE term >= ? AND term < ? LIMIT ${MAX_TERMS}`,
      from,
      to,
    );
    for (const { term } of terms) runs.add(runOf(term));
  }
  // What begins with the word has it exactly.
  return [...runs].filter((run) => !run.startsWith(word));
}

/**
 * Where everything is that is near to a word: with a difference after the second letter, runs begin like the word; with
 * one before, they go on like it from the third letter on, give or take one. Between the second and the third, letters
 * may be swapped, and a Korean consonant may have gone over to the next syllable.
 */
function rangesOf(word: string): Range[] {
  const [first = "", second = "", third = ""] = word;
  const ranges = [beginningWith(forward(first + third))];
  const block = blockOf(second);
  ranges.push(
    block ? [forward(first + block[0]), forward(first + block[1])] : beginningWith(forward(first + second)),
  );
  for (const taken of [1, 2, 3]) {
    const rest = word.slice(taken);
    if (rest.length > 1) ranges.push(beginningWith(turned(rest)));
  }
  return ranges;
}

function beginningWith(letters: string): Range {
  return [letters, letters + LAST];
}

/** Syllables that begin with the same consonant as this letter or syllable. */
function blockOf(letter: string): Range | undefined {
  const code = letter.codePointAt(0) ?? 0;
  const isSyllable = code >= FIRST_SYLLABLE && code < FIRST_SYLLABLE + INITIALS.length * BLOCK;
  const initial = isSyllable ? Math.floor((code - FIRST_SYLLABLE) / BLOCK) : INITIALS.indexOf(letter);
  if (initial < 0) return undefined;
  const from = FIRST_SYLLABLE + initial * BLOCK;
  return [String.fromCodePoint(from), String.fromCodePoint(from + BLOCK)];
}

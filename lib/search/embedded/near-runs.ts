import { initialsOf } from "../hangul.ts";
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
const LAST_SYLLABLE = 0xd7a3;
/** Syllables with the same first consonant. */
const BLOCK = 588;
const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
/** For each final consonant, none first: what it gives to the next syllable when a vowel follows, and what stays. */
const MOVES = "-ㄱㄲㅅㄴㅈㅎㄷㄹㄱㅁㅂㅅㅌㅍㅎㅁㅂㅅㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
const STAYS = [0, 0, 0, 1, 0, 4, 4, 0, 0, 8, 8, 8, 8, 8, 8, 8, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0];

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
 * one before, they go on like it from the third letter on, give or take three. Between the second and the third, letters
 * may be swapped, and Korean consonants may have gone over to the syllable before or after.
 */
function rangesOf(word: string): Range[] {
  const [first = "", second = "", third = ""] = word;
  const ranges = [beginningWith(forward(first + third)), beginningWith(forward(first + second))];
  const [open, moved] = withoutFinal(first);
  for (const [syllable, initial] of [[first, initialOf(second)] as const, [open, moved] as const]) {
    if (initial >= 0)
      ranges.push([forward(syllable + block(initial)), forward(syllable + block(initial + 1))]);
  }
  for (const taken of [1, 2, 3, 4, 5]) {
    const rest = word.slice(taken);
    if (rest.length > 1) ranges.push(beginningWith(turned(rest)));
  }
  return ranges;
}

function beginningWith(letters: string): Range {
  return [letters, letters + LAST];
}

/** The first of the syllables with this initial consonant. */
function block(initial: number): string {
  return String.fromCodePoint(FIRST_SYLLABLE + initial * BLOCK);
}

/** Which initial consonant a syllable has, or a consonant is; -1 where it is something else. */
function initialOf(letter: string): number {
  return INITIALS.indexOf(initialsOf(letter));
}

/** A syllable without its last consonant, and this as an initial one; -1 where it has none. */
function withoutFinal(syllable: string): readonly [string, number] {
  const code = syllable.codePointAt(0) ?? 0;
  const isSyllable = code >= FIRST_SYLLABLE && code <= LAST_SYLLABLE;
  const final = isSyllable ? (code - FIRST_SYLLABLE) % STAYS.length : 0;
  const open = String.fromCodePoint(code - final + (STAYS[final] ?? 0));
  return [open, INITIALS.indexOf(MOVES.charAt(final))];
}

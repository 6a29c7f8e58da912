import { nearness, runsOf, toleratesTypo } from "./typos.ts";
import { folded, keywordWords } from "./words.ts";

/** Texts up to this length (UTF-16 units) are shown whole. */
const WHOLE = 240;
/** Of longer ones: what is shown before a match, at most in all, and how many pieces. */
const BEFORE = 40;
const PIECE = 200;
const PIECES = 3;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Letters that may be written in several characters: conjoining Hangul, and anything with marks. */
const CLUSTER =
  /[\u1100-\u115f][\u1160-\u11a7][\u11a8-\u11ff]?|[\uac00-\ud7a3][\u11a8-\u11ff]|\P{M}\p{M}*|\p{M}+/gu;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text to look in, and where each of its characters stands in the original. */
interface Folded {
  readonly text: string;
  readonly startAt: (index: number) => number;
}

/**
 * HTML snippets of a text: what matches the keyword in `<mark>`, everything else escaped. The whole text where it is
 * short, else pieces around the first matches, in order. Words with a wrong letter are marked where the text has no
 * exact match. Empty where nothing matches.
 */
export function highlights(text: string, keyword: string): readonly string[] {
  const words = keywordWords(keyword);
  if (words.length === 0 || text === "") return [];
  const haystack = foldedWithPlaces(text);
  const found = words.some((word) => haystack.text.includes(word)) ? words : nearWords(haystack.text, words);
  if (found.length === 0) return [];
  const next = matcher(haystack.text, found);
  const snippets: string[] = [];
  let match = next(0);
  while (match && snippets.length < PIECES) {
    const piece = pieceAround(text, haystack.startAt(match.start));
    const marks: Span[] = [];
    for (; match && haystack.startAt(match.start) < piece.end; match = next(match.end)) {
      const end = Math.min(haystack.startAt(match.end), piece.end);
      marks.push({ start: haystack.startAt(match.start), end });
    }
    snippets.push(marked(text, piece, marks));
  }
  return snippets;
}

/** Finds the next match from a place on; matches that overlap or touch are one. */
function matcher(text: string, words: readonly string[]): (from: number) => Span | undefined {
  // Words are letters and digits: nothing to escape.
  const pattern = new RegExp(words.join("|"), "g");
  return (from) => {
    pattern.lastIndex = from;
    const start = pattern.exec(text)?.index;
    return start === undefined ? undefined : { start, end: endOfMatch(text, words, start) };
  };
}

/** Matches that overlap or touch are one. */
function endOfMatch(text: string, words: readonly string[], start: number): number {
  let end = start;
  for (let at = start; at <= end; at++) {
    for (const word of words) if (text.startsWith(word, at)) end = Math.max(end, at + word.length);
  }
  return end;
}

function nearWords(text: string, words: readonly string[]): string[] {
  const tolerant = words.filter(toleratesTypo);
  if (tolerant.length === 0) return [];
  const runs = runsOf(text);
  const near = (wanted: "letter" | "syllable") =>
    runs.filter((run) => tolerant.some((word) => nearness(word, run) === wanted));
  const byLetter = near("letter");
  return byLetter.length > 0 ? byLetter : near("syllable");
}

/** Begins and ends between words where it can, never within a character. */
function pieceAround(text: string, match: number): Span {
  if (text.length <= WHOLE) return { start: 0, end: text.length };
  let start = Math.max(0, match - BEFORE);
  const space = text.slice(start, match).search(/\s/);
  if (start > 0 && space >= 0) start += space + 1;
  let end = Math.min(text.length, start + PIECE);
  const after = text.slice(start, end).search(/\s\S*$/);
  if (end < text.length && start + after > match) end = start + after;
  return { start: whole(text, start), end: whole(text, end) };
}

function whole(text: string, at: number): number {
  return /[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at;
}

function marked(text: string, piece: Span, marks: readonly Span[]): string {
  let html = "";
  let at = piece.start;
  for (const { start, end } of marks) {
    html += `${escaped(text.slice(at, start))}<mark>${escaped(text.slice(start, end))}</mark>`;
    at = end;
  }
  return html + escaped(text.slice(at, piece.end));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

function foldedWithPlaces(text: string): Folded {
  const whole = folded(text);
  if (whole.length === text.length && whole === text.toLowerCase()) {
    return { text: whole, startAt: (index) => index };
  }
  const starts: number[] = [];
  let parts = "";
  for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
    const part = folded(cluster);
    for (let at = 0; at < part.length; at++) starts.push(index);
    parts += part;
  }
  return { text: parts, startAt: (index) => starts[index] ?? text.length };
}

import { type Place, phraseOf } from "../grams.ts";
import type { SearchKind } from "../search-index.ts";
import { forward, inTitle } from "./rows.ts";

/** What runs begin with that a word of the keyword is near to. */
export type NearRuns = ReadonlyMap<string, readonly string[]>;

/** How good matches are, best first: where all of the words stand. */
const CLASSES: Readonly<Record<SearchKind, readonly { readonly column: string; readonly place: Place }[]>> = {
  posts: [
    { column: "title", place: "inside" },
    { column: "content", place: "start" },
    { column: "content", place: "inside" },
  ],
  comments: [
    { column: "content", place: "start" },
    { column: "content", place: "inside" },
  ],
  members: [
    { column: "name", place: "whole" },
    { column: "name", place: "start" },
    { column: "name", place: "inside" },
  ],
};

/** Expressions of FTS5. */
export interface Matches {
  /** Everything that matches. */
  readonly any: string;
  /** The same in classes that don't overlap, best first. */
  readonly classes: readonly string[];
}

/**
 * Expressions that find all of the words, which are folded: letters and digits only, so that they can't be more than
 * words to FTS5.
 * @param path only what has this in its path
 */
export function matchesOf(
  kind: SearchKind,
  words: readonly string[],
  near: NearRuns,
  path?: string,
): Matches {
  const exact = CLASSES[kind].map(({ column, place }) =>
    words.map((word) => exactly(word, column, place)).join(" AND "),
  );
  const widest = exact.at(-1) ?? "";
  const classes = exact.map((expression, index) => without(expression, exact.slice(0, index)));
  let any = widest;
  if (near.size > 0) {
    const column = CLASSES[kind].at(-1)?.column ?? "";
    any = words.map((word) => nearly(word, column, near.get(word) ?? [])).join(" AND ");
    classes.push(without(any, [widest]));
  }
  const isWithin = (expression: string) =>
    path === undefined ? expression : `(path : ${quoted(path)}) AND (${expression})`;
  return { any: isWithin(any), classes: classes.map(isWithin) };
}

function without(expression: string, others: readonly string[]): string {
  if (others.length === 0) return expression;
  return `(${expression}) NOT (${others.map((other) => `(${other})`).join(" OR ")})`;
}

function nearly(word: string, column: string, runs: readonly string[]): string {
  const itself = exactly(word, column, "inside");
  const tokens = runs.map((run) => `${quoted(forward(run))} *`);
  return runs.length === 0 ? itself : `(${itself} OR runs : (${tokens.join(" OR ")}))`;
}

function exactly(word: string, column: string, place: Place): string {
  const { grams, isPrefix } = phraseOf(word, place);
  return `${column} : ${quoted(column === "title" ? inTitle(grams) : grams)}${isPrefix ? " *" : ""}`;
}

function quoted(tokens: string): string {
  return `"${tokens}"`;
}

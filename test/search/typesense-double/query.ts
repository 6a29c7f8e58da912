import { tokensOf } from "./tokens.ts";

/** What a `q` asks for. */
export interface Query {
  /** Every document, as far as the rest allows. */
  readonly isWildcard: boolean;
  readonly words: readonly string[];
  readonly phrases: readonly (readonly string[])[];
  /** Documents with one of these are left out. */
  readonly excluded: readonly (readonly string[])[];
}

/** Reads a `q`: words, `"phrases"`, `-words` and `-"phrases"`, or `*`. */
export function queryOf(q: string): Query {
  const parts = q === "*" ? [] : [...q.matchAll(/(-?)"([^"]*)"|(\S+)/g)];
  const words: string[] = [];
  const phrases: string[][] = [];
  const excluded: string[][] = [];
  for (const [, minus, phrase, word = ""] of parts) {
    const tokens = tokensOf(phrase ?? word);
    if (phrase !== undefined) (minus ? excluded : phrases).push(tokens);
    else if (word.startsWith("-")) excluded.push(...tokens.map((token) => [token]));
    else words.push(...tokens);
  }
  return { isWildcard: words.length === 0, words, phrases, excluded };
}

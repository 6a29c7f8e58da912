/** Characters that the server keeps as they are: it would take accents away, and turn other signs into several letters. */
const KEPT = /^[a-z0-9가-힣\ue000 ]*$/;

/**
 * Tokens, parted by spaces, as the server can hold them apart: what has another character is written in hexadecimal,
 * which is longer than any token of two characters.
 */
export function safeTokens(tokens: string): string {
  return KEPT.test(tokens) ? tokens : tokens.split(" ").map(safeToken).join(" ");
}

function safeToken(token: string): string {
  if (KEPT.test(token)) return token;
  return [...token].map((character) => `x${(character.codePointAt(0) ?? 0).toString(16)}`).join("");
}

/** The different characters of words as tokens: what finds a word of one character. */
export function characterTokens(words: readonly string[]): string {
  return safeTokens([...new Set(words.join(""))].join(" "));
}

/** The different pairs of characters that words begin with. */
export function startTokens(words: readonly string[]): string {
  const starts = words.map((word) => [...word].slice(0, 2)).filter(({ length }) => length === 2);
  return safeTokens([...new Set(starts.map((start) => start.join("")))].join(" "));
}

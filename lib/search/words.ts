/** What counts in a text: letters and digits with their marks. Selectors of an emoji's look are marks, too, and don't. */
const WORD = /[\p{L}\p{N}][[\p{L}\p{N}\p{M}]--[\ufe00-\ufe0f]]*/gv;

/** Letters that lower case leaves in more than one form: the final sigma, and i with the dot of a Turkish capital. */
const LEFT_OVER = /ς|i\u0307/g;

/** The grams and the runs of a text are asked for one after the other. */
let last = { text: "", folded: "" };

/** A text without what search doesn't tell apart: case, and the ways Unicode writes one letter. */
export function folded(text: string): string {
  if (text !== last.text) {
    const whole = text
      .toLowerCase()
      .normalize("NFC")
      .replace(LEFT_OVER, (letter) => (letter === "ς" ? "σ" : "i"));
    last = { text, folded: whole };
  }
  return last.folded;
}

/** The words of a text, folded, in order. Everything but letters and digits (also `_` and `#`) is between words. */
export function wordsOf(text: string): string[] {
  return folded(text).match(WORD) ?? [];
}

/** The different words of a keyword, all of which a text must have; none where it is punctuation only. */
export function keywordWords(keyword: string): string[] {
  return [...new Set(wordsOf(keyword))];
}

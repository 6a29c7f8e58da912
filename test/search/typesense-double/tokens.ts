/** Tokens are cut here (bytes). */
const LONGEST_TOKEN = 100;

/**
 * How Typesense 29 cuts a text of a field in the default locale: at ASCII white space only. Other ASCII punctuation goes
 * without parting words (`좋다.감동` is one token), Latin letters lose their accents, ASCII is put in lower case, and
 * everything else stays as it is.
 */
export function tokensOf(text: string): string[] {
  return text
    .split(/[ \n\r\t]+/)
    .map((word) => cut([...word].map(kept).join("")))
    .filter((token) => token !== "");
}

function kept(character: string): string {
  if (character < "\u0080") return /[a-z0-9]/i.test(character) ? character.toLowerCase() : "";
  // Its conversion to ASCII knows more letters than these; those it doesn't know stay.
  const base = character.normalize("NFD").replace(/\p{Mn}/gu, "");
  return /^[a-z0-9]+$/i.test(base) ? base.toLowerCase() : character;
}

function cut(token: string): string {
  const bytes = Buffer.from(token);
  return bytes.length <= LONGEST_TOKEN ? token : bytes.subarray(0, LONGEST_TOKEN).toString("latin1");
}

/** Letters (bytes) to change, add, take away or swap with their neighbour until a token, or its beginning, is the other. */
export function distance(query: string, token: string, isPrefix: boolean): number {
  const [from, to] = [Buffer.from(query), Buffer.from(token)];
  let [before, last]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, at) => at)];
  for (let row = 1; row <= from.length; row++) {
    const next = [row];
    for (let at = 1; at <= to.length; at++) {
      const isSame = from[row - 1] === to[at - 1];
      let best = Math.min(
        number(last[at - 1]) + (isSame ? 0 : 1),
        number(last[at]) + 1,
        number(next[at - 1]) + 1,
      );
      if (from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1] && row > 1 && at > 1) {
        best = Math.min(best, number(before[at - 2]) + 1);
      }
      next.push(best);
    }
    [before, last] = [last, next];
  }
  return isPrefix ? Math.min(...last) : number(last.at(-1));
}

function number(value: number | undefined): number {
  return value ?? Number.POSITIVE_INFINITY;
}

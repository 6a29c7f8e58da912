type Found =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string }
  | { readonly kind: "member"; readonly text: string; readonly handle: string };
/** `at` is its place in the text. */
export type Piece = Found & { readonly at: number };

const LINKS = /https?:\/\/[^\s<>"'`]+|(?<![\w@/])@[a-zA-Z0-9_]{3,50}\b/gi;
/** Belongs to the sentence, not to the address. */
const TRAILING = /[.,:;!?)\]}…。，]+$/;

/** A text in pieces: addresses and members' handles become links, everything else stays what it is. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const add = (upTo: number) => {
    if (upTo > at) pieces.push({ kind: "text", at, text: text.slice(at, upTo) });
  };
  for (const { 0: found, index } of text.matchAll(LINKS)) {
    const piece = found.startsWith("@")
      ? { kind: "member" as const, text: found, handle: found.slice(1) }
      : linkOf(found);
    if (!piece) continue;
    add(index);
    pieces.push({ ...piece, at: index });
    at = index + piece.text.length;
  }
  add(text.length);
  return pieces;
}

function linkOf(found: string): Found | undefined {
  const text = found.replace(TRAILING, "");
  if (!URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === "http:" || protocol === "https:" ? { kind: "link", text, href } : undefined;
}

export interface HighlightPiece {
  /** Its number in the snippet. */
  readonly at: number;
  readonly text: string;
  readonly isMatch: boolean;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&#x27;": "'",
};

/** A snippet of the search (`<mark>`, everything else escaped) in pieces of plain text: no HTML reaches the page. */
export function highlightPieces(snippet: string): HighlightPiece[] {
  return snippet
    .split(/(<mark>.*?<\/mark>)/s)
    .filter((part) => part !== "")
    .map((part, at) => {
      const match = /^<mark>(.*)<\/mark>$/s.exec(part)?.[1];
      return { at, text: decode(match ?? part), isMatch: match !== undefined };
    });
}

function decode(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39|#x27);/g, (entity) => ENTITIES[entity] ?? entity);
}

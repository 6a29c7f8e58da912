import { Fragment } from "react";
import { highlightPieces } from "../../lib/highlight.ts";

interface Highlight {
  readonly field: string;
  readonly snippet: string;
}

/** Where the words were found. A title is shown above them already. */
export function Snippets({ highlights }: { highlights: readonly Highlight[] }) {
  const content = highlights.filter(({ field }) => field === "content");
  return (content.length > 0 ? content : highlights).map(({ field, snippet }) => (
    <p key={field} className="text-content" dir="auto">
      {highlightPieces(snippet).map(({ at, text, isMatch }) =>
        isMatch ? <mark key={at}>{text}</mark> : <Fragment key={at}>{text}</Fragment>,
      )}
    </p>
  ));
}

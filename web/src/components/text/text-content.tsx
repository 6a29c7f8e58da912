import { Fragment } from "react";
import { Link } from "wouter";
import { piecesOf } from "../../lib/linkify.ts";
import "./text-content.css";

/** What a member wrote, as text. */
export function TextContent({ text, clamp = false }: { text: string; clamp?: boolean }) {
  return (
    <p className={`text-content ${clamp ? "is-clamped" : ""}`} dir="auto">
      {piecesOf(text).map((piece) => {
        if (piece.kind === "text") return <Fragment key={piece.at}>{piece.text}</Fragment>;
        if (piece.kind === "member") {
          return (
            <Link key={piece.at} href={`/@${piece.handle}`}>
              {piece.text}
            </Link>
          );
        }
        return (
          <a key={piece.at} href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">
            {piece.text}
          </a>
        );
      })}
    </p>
  );
}

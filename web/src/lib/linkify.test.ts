import { expect, it } from "vitest";
import { piecesOf } from "./linkify.ts";

const links = (text: string) => piecesOf(text).filter(({ kind }) => kind !== "text");

it("finds addresses and handles, and keeps every character", () => {
  const text = "보세요: https://example.com/a?b=(c). 그리고 @mina_1, a@b.com!";
  const pieces = piecesOf(text);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(links(text)).toMatchObject([
    { kind: "link", text: "https://example.com/a?b=(c", href: "https://example.com/a?b=(c" },
    { kind: "member", text: "@mina_1", handle: "mina_1" },
  ]);
});

it.each([
  "javascript:alert(1)",
  "data:text/html,x",
  "http://",
  "//evil.example",
  "@ab",
  "x@mina",
  "vbscript:x",
])("makes no link of %s", (text) => {
  expect(links(text)).toMatchObject([]);
});

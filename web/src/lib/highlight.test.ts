import { expect, it } from "vitest";
import { highlightPieces } from "./highlight.ts";

it("splits at marks and decodes once", () => {
  expect(
    highlightPieces("a &lt;b&gt; <mark>날씨</mark>가 &amp;lt; <mark>&quot;x&quot;</mark>"),
  ).toMatchObject([
    { text: "a <b> ", isMatch: false },
    { text: "날씨", isMatch: true },
    { text: "가 &lt; ", isMatch: false },
    { text: '"x"', isMatch: true },
  ]);
});

import { describe, expect, it } from "vitest";
import { highlights } from "./highlights.ts";

describe("highlights", () => {
  it.each([
    ["오늘 날씨가 좋다", "날씨", "오늘 <mark>날씨</mark>가 좋다"],
    ["서울날씨 날씨날씨", "날씨", "서울<mark>날씨</mark> <mark>날씨날씨</mark>"],
    ["Hello, HELLO", "hello", "<mark>Hello</mark>, <mark>HELLO</mark>"],
    ["좋은 책 한 권", "권 책", "좋은 <mark>책</mark> 한 <mark>권</mark>"],
    ["abcd", "bc ab", "<mark>abc</mark>d"],
    ["node.js!", "Node.js", "<mark>node</mark>.<mark>js</mark>!"],
    ["아이스크림을 먹자", "아이수크림", "<mark>아이스크림을</mark> 먹자"],
  ])("of %j for %j", (text, keyword, snippet) => {
    expect(highlights(text, keyword)).toEqual([snippet]);
  });

  it("escape what isn't theirs", () => {
    expect(highlights(`<img onerror="x"> & '날씨'`, "img")).toEqual([
      "&lt;<mark>img</mark> onerror=&quot;x&quot;&gt; &amp; &#39;날씨&#39;",
    ]);
  });

  it.each([
    ["오늘 날씨", "내일"],
    ["오늘 날씨", "!? <>"],
    ["", "날씨"],
  ])("are none of %j for %j", (text, keyword) => {
    expect(highlights(text, keyword)).toEqual([]);
  });

  it("mark the original, however Unicode writes it", () => {
    const text = "İzmir의 각각 École".normalize("NFD");
    const [snippet = ""] = highlights(text, "각 école izmir");
    expect(snippet.replaceAll(/<\/?mark>/g, "")).toBe(text);
    expect(snippet.normalize("NFC")).toBe("<mark>İzmir</mark>의 <mark>각각</mark> <mark>École</mark>");
  });

  it("of a long text are up to three pieces of it, around matches", () => {
    const text = `${"가나다라 ".repeat(80)}날씨 하나 `.repeat(5);
    const snippets = highlights(text, "날씨");
    expect(snippets).toHaveLength(3);
    for (const snippet of snippets) {
      expect(snippet.length).toBeLessThan(250);
      expect(snippet).toContain(" <mark>날씨</mark> 하나 ");
      expect(text).toContain(snippet.replaceAll(/<\/?mark>/g, ""));
    }
  });

  it("never cut a character", () => {
    for (let shift = 0; shift < 4; shift++) {
      const [snippet = ""] = highlights(
        `${"x".repeat(shift)}${"😀".repeat(200)}날씨${"😀".repeat(200)}`,
        "날씨",
      );
      expect(snippet.isWellFormed()).toBe(true);
    }
  });
});

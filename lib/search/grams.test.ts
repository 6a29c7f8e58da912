import { describe, expect, it } from "vitest";
import { BOUNDARY, gramsOf, phraseOf } from "./grams.ts";

const shown = (grams: string) => grams.replaceAll(BOUNDARY, "·");

describe("grams", () => {
  it("are all pairs of neighbours, with what is between words", () => {
    expect(shown(gramsOf("오늘 날, Go!"))).toBe("·오 오늘 늘· ·날 날· ·g go o·");
    expect(gramsOf("?! ")).toBe("");
  });

  it("keep characters of two units whole", () => {
    expect(shown(gramsOf("𠮷野"))).toBe("·𠮷 𠮷野 野·");
    expect(phraseOf("𠮷", "inside")).toEqual({ grams: "𠮷", isPrefix: true });
  });

  it("find a word at each of its places", () => {
    expect(phraseOf("날씨가", "inside")).toEqual({ grams: "날씨 씨가", isPrefix: false });
    expect(shown(phraseOf("날씨", "start").grams)).toBe("·날 날씨");
    expect(shown(phraseOf("날씨", "whole").grams)).toBe("·날 날씨 씨·");
    expect(phraseOf("날", "inside")).toEqual({ grams: "날", isPrefix: true });
    expect(shown(phraseOf("날", "start").grams)).toBe("·날");
  });

  it("contain every part of two and more characters of a text, in order", () => {
    const text = "영화배우가 나오는 SF영화";
    const grams = ` ${gramsOf(text)} `;
    for (const word of ["영화배우가", "나오는", "sf영화"]) {
      for (let start = 0; start < word.length - 1; start++) {
        for (let end = start + 2; end <= word.length; end++) {
          expect(grams).toContain(` ${phraseOf(word.slice(start, end), "inside").grams} `);
        }
      }
    }
  });
});

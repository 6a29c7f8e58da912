import { describe, expect, it } from "vitest";
import { keywordWords, wordsOf } from "./words.ts";

describe("words", () => {
  it.each([
    ["오늘 날씨가 좋다!", ["오늘", "날씨가", "좋다"]],
    ["좋다.감동_최고 #해시태그 @mina", ["좋다", "감동", "최고", "해시태그", "mina"]],
    ["Node.js와 TypeScript", ["node", "js와", "typescript"]],
    ["ㅋㅋㅋ ㅠㅠ 100% 4DX", ["ㅋㅋㅋ", "ㅠㅠ", "100", "4dx"]],
    ["東京タワー, Москва", ["東京タワー", "москва"]],
    ["हिन्दी", ["हिन्दी"]],
    ["1️⃣ ❤️ 😀 … --", ["1"]],
    ["", []],
  ])("of %j", (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it("don't tell case, or how Unicode writes a letter", () => {
    expect(wordsOf("ÉCOLE 한글".normalize("NFD"))).toEqual(["école", "한글"]);
    expect(wordsOf("ΟΔΟΣ İstanbul")).toEqual(wordsOf("οδοσ istanbul"));
  });

  it("of a keyword are each needed once", () => {
    expect(keywordWords(" Tea, tea & 날씨 ")).toEqual(["tea", "날씨"]);
    expect(keywordWords('!? "*" ( --')).toEqual([]);
  });
});

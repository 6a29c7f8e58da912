import { describe, expect, it } from "vitest";
import { nearness, runsOf, toleratesTypo } from "./typos.ts";

describe("a wrong letter", () => {
  it.each(["인스타그램", "아이ㅅ크림", "재미있는", "hello", "école"])("is tolerated in %s", (word) => {
    expect(toleratesTypo(word)).toBe(true);
  });

  it.each(["날씨가", "node", "12345", "iphone은", "4dx영화관", "москва"])("is not in %s", (word) => {
    expect(toleratesTypo(word)).toBe(false);
  });

  it.each([
    ["인스타그렘", "인스타그램에서"],
    ["인스타그램", "인스타그램"],
    ["인스탁램", "인스타그램"],
    ["인스타ㄱ램", "인스타그램"],
    ["인스타그램ㅁ", "인스타그램"],
    ["안녕하새요", "안녕하세요"],
    ["괞찮아요", "괜찮아요"],
    ["youtbue", "youtube"],
    ["yutube", "youtube"],
    ["youttube", "youtube"],
    ["yoitube", "youtube"],
    ["houtube", "youtube"],
    ["youtubr", "youtube"],
  ])("may be substituted, added, missing or swapped: %s for %s", (word, run) => {
    expect(nearness(word, run)).toBe("letter");
  });

  it.each([
    ["인스타램", "인스타그램"],
    ["인타스그램", "인스타그램"],
    ["인스스타그램", "인스타그램"],
    ["재미없는", "재미있는"],
  ])("may be a syllable, if nothing nearer is found: %s for %s", (word, run) => {
    expect(nearness(word, run)).toBe("syllable");
  });

  it.each([
    ["인수타그렘", "인스타그램"],
    ["yuotbue", "youtube"],
    ["yoytunbe", "youtube"],
    ["dlstmxkrmfoa", "인스타그램"],
    ["인스타그램", "그램"],
  ])("is one at most: %s isn't %s", (word, run) => {
    expect(nearness(word, run)).toBeUndefined();
  });
});

it("runs are a text's parts of one script, each once, short ones left out", () => {
  expect(runsOf("YouTube에서 본 LG트윈스 경기! youtube 4DX상영관")).toEqual(["youtube", "트윈스", "상영관"]);
  expect(runsOf("ㅋㅋㅋ영화관에서ㅠㅠ재미있다ㅋ 인스타ㄱ램")).toEqual([
    "영화관에서",
    "재미있다",
    "인스타ㄱ램",
  ]);
  expect(runsOf("가".repeat(300))).toEqual(["가".repeat(101)]);
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type IndexFixture, idsOf, post } from "./fixture.ts";

export function findsTexts(fixture: IndexFixture): void {
  const { start, stop, posts } = fixture;

  describe("finds texts", () => {
    const TEXTS = [
      "오늘 날씨가 정말 좋다!",
      "서울날씨 정보 #날씨스타그램",
      "영화배우들이 나오는 영화",
      "좋다.감동_최고 집밥",
      "Node.js와 TypeScript로 만든 API",
      "인스타그램에서 본 맛집",
      "ㅋㅋㅋ ㅠㅠ 100% 4DX 상영관",
      "東京タワーとМосква café 😀",
      "재미없는 이야기",
      "youtube에서 봤다",
      '"따옴표" AND OR NOT (괄호) * ^ 별 : title - {열}',
    ];
    beforeAll(async () => {
      await start();
      await fixture.index.putPosts(TEXTS.map((text, at) => post(at + 1, text)));
    });
    afterAll(stop);

    it.each<[string, number[]]>([
      ["날씨", [1, 2]],
      ["날씨가", [1]],
      ["씨정보", []],
      ["배우", [3]],
      ["우들", [3]],
      ["영화배우들이", [3]],
      ["밥", [4]],
      ["집", [4, 6]],
      ["별", [11]],
      ["좋다", [1, 4]],
      ["감동", [4]],
      ["node", [5]],
      ["NODE.JS", [5]],
      ["ypeScr", [5]],
      ["js와", [5]],
      ["js", [5]],
      ["ㅋㅋ", [7]],
      ["ㅠ", [7]],
      ["100", [7]],
      ["4dx", [7]],
      ["京タ", [8]],
      ["МОСК", [8]],
      ["CAFÉ", [8]],
      ["#날씨스타그램", [2]],
      ["내일", []],
    ])("by any part of a word: %s", async (keyword, ids) => {
      const result = await posts(keyword);
      expect([...result.ids].sort((a, b) => a - b)).toEqual(ids);
      expect(result.total).toBe(ids.length);
    });

    it("by every part of two and more letters, and by every letter", async () => {
      for (const [at, text] of TEXTS.entries()) {
        for (const word of text.match(/[\p{L}\p{N}]+/gu) ?? []) {
          for (let start = 0; start < word.length; start += 2) {
            for (const length of [1, 2, 3, word.length]) {
              const part = word.slice(start, start + length);
              expect(await idsOf(posts(part)), part).toContain(at + 1);
            }
          }
        }
      }
    });

    it.each<[string, number[]]>([
      ["좋다 날씨", [1]],
      ["날씨 좋다", [1]],
      ["날씨 감동", []],
      ["영 화", [3]],
      ["최고 좋", [4]],
      ["typescript node 만든", [5]],
      ["좋다 좋다", [1, 4]],
    ])("by all words, in any order: %s", async (keyword, ids) => {
      expect([...(await posts(keyword)).ids].sort((a, b) => a - b)).toEqual(ids);
    });

    it.each<[string, number[]]>([
      ["인스타그렘", [6]],
      ["인스탁램", [6]],
      ["인스타ㄱ램", [6]],
      ["인싀타그램", [6]],
      ["잉스타그램", [6]],
      ["youtbue", [10]],
      ["yuotube", [10]],
      ["yotube", [10]],
      ["youtubee", [10]],
      ["houtube", [10]],
      ["TYPESCRYPT", [5]],
      ["인스타그렘 맛집", [6]],
      ["yutub", [10]],
      ["nods", []],
      ["날시가", []],
    ])("with one wrong letter in a long word: %s", async (keyword, ids) => {
      expect((await posts(keyword)).ids).toEqual(ids);
    });

    it.each([
      "!",
      "?!…",
      '"',
      "*",
      "AND",
      "NOT",
      "( OR )",
      "title:",
      "-영화배우들이",
      "😀",
      "\u0000",
      "{열}",
      "''",
      "\\",
    ])("taking the keyword literally: %s", async (keyword) => {
      const words = keyword.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
      const expected = TEXTS.flatMap((text, at) =>
        words.length > 0 && words.every((word) => text.toLowerCase().includes(word)) ? [at + 1] : [],
      );
      expect(await posts(keyword)).toEqual({ ids: expected, total: expected.length });
    });

    it("however Unicode writes them", async () => {
      expect(await idsOf(posts("날씨가".normalize("NFD")))).toEqual([1]);
      expect(await idsOf(posts("cafe\u0301"))).toEqual([8]);
    });

    it("by keywords of a hundred characters", async () => {
      for (const keyword of [
        "가나다라마".repeat(20),
        "갸 ".repeat(50),
        "abcde ".repeat(16),
        "😀".repeat(50),
        "a".repeat(100),
      ])
        expect((await posts(keyword)).total).toBe(0);
    });
  });
}

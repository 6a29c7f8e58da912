import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keystrokes } from "../../../lib/search/hangul.ts";
import { typed } from "../keyboard.ts";
import { type IndexFixture, idsOf, post } from "./fixture.ts";

export function findsWhatWasMeant(fixture: IndexFixture): void {
  const { start, stop, posts } = fixture;

  describe("finds what was meant", () => {
    const WORDS = [
      "인스타그램",
      "스파게티",
      "괜찮은데요",
      "애니메이션이",
      "없어진다",
      "읽어보세요",
      "최고입니다",
    ];
    beforeAll(async () => {
      await start();
      await fixture.index.putPosts(WORDS.map((word, at) => post(at + 1, `앞 ${word}에서 뒤`)));
    });
    afterAll(stop);

    it.each(WORDS)("whatever key was missed, hit twice, wrong or too early: %s", async (word) => {
      const keys = keystrokes(word);
      const slips = [...keys].flatMap((_, at) => {
        const [before, key, after] = [keys.slice(0, at), keys.charAt(at), keys.slice(at + 1)];
        const swapped = after.charAt(0) + key + after.slice(1);
        return [after, key + key + after, `k${after}`, `r${after}`, swapped].map((rest) => before + rest);
      });
      const keywords = new Set(slips.map(typed).filter((keyword) => [...keyword].length >= 4));
      const missed: string[] = [];
      for (const keyword of keywords) {
        if (!(await idsOf(posts(keyword))).includes(WORDS.indexOf(word) + 1)) missed.push(keyword);
      }
      expect(missed).toEqual([]);
    });
  });
}

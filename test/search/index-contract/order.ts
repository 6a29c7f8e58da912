import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type IndexFixture, post } from "./fixture.ts";

export function ordersAndPages(fixture: IndexFixture): void {
  const { start, stop, posts } = fixture;

  describe("orders and pages", () => {
    beforeAll(async () => {
      await start();
      await fixture.index.putPosts([
        post(1, "오래된 글", "산책"),
        post(2, "공원 산책길"),
        post(3, "아침산책"),
        post(4, "산책"),
        post(5, "밤산책 이야기", "산책 이야기"),
        post(6, "아이스크림"),
        post(7, "아이수크림 오타"),
        post(8, "아이스크림 또"),
      ]);
    });
    afterAll(stop);

    it("by where the words stand, then the newest first", async () => {
      expect(await posts("산책")).toEqual({ ids: [5, 1, 4, 2, 3], total: 5 });
      expect(await posts("산책 이야기")).toEqual({ ids: [5], total: 1 });
    });

    it("what is spelled as the keyword before what differs by a letter", async () => {
      expect(await posts("아이스크림")).toEqual({ ids: [8, 6, 7], total: 3 });
      expect(await posts("아이수크림")).toEqual({ ids: [7, 8, 6], total: 3 });
    });

    it("a syllable that is missing, added, swapped or another one only where nothing else is found", async () => {
      expect((await posts("아이크림")).ids).toEqual([8, 7, 6]);
      expect((await posts("아스이크림")).ids).toContain(8);
      expect((await posts("아이스스크림")).ids).toContain(8);
      expect((await posts("아이뷁크림")).ids).toEqual([8, 7, 6]);
    });

    it("without losing or repeating any at the borders of pages", async () => {
      for (const limit of [1, 2, 3]) {
        const seen: number[] = [];
        for (let offset = 0; offset < 5; offset += limit) {
          const { ids, total } = await posts("산책", { offset, limit });
          expect(total).toBe(5);
          expect(ids.length).toBe(Math.min(limit, 5 - offset));
          seen.push(...ids);
        }
        expect(seen).toEqual([5, 1, 4, 2, 3]);
      }
      expect(await posts("산책", { offset: 5 })).toEqual({ ids: [], total: 5 });
      expect(await posts("산책", { offset: 500, limit: 1 })).toEqual({ ids: [], total: 5 });
    });
  });
}

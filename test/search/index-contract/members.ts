import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IndexFixture } from "./fixture.ts";

export function findsMembers(fixture: IndexFixture): void {
  const { start, stop, members } = fixture;

  describe("finds members", () => {
    beforeAll(async () => {
      await start();
      await fixture.index.putMembers([
        { id: 1, handle: "mina_kim", displayName: "김민아" },
        { id: 2, handle: "minsu", displayName: "김민수" },
        { id: 3, handle: "joonho99", displayName: "이준호 Joon" },
        { id: 4, handle: "alexander", displayName: "Sasha" },
        { id: 5, handle: "minsung", displayName: "민수" },
      ]);
    });
    afterAll(stop);

    it.each<[string, number[]]>([
      ["minsu", [2, 5]],
      ["min", [5, 2, 1]],
      ["mina_kim", [1]],
      ["MINA", [1]],
      ["kim", [1]],
      ["민수", [5, 2]],
      ["김민", [2, 1]],
      ["김", [2, 1]],
      ["joon 이준호", [3]],
      ["ho99", [3]],
      ["alexandre", [4]],
      ["alexnder", [4]],
      ["alexabder", [4]],
      ["aelxander", [4]],
      ["sasah", [4]],
      ["ㄱㅁㅅ", [2]],
      ["ㅈㅎ", [3]],
      ["_", []],
      ["zzz", []],
    ])("by handle, name and initial consonants: %s", async (keyword, ids) => {
      expect(await members(keyword)).toEqual(ids);
    });
  });
}

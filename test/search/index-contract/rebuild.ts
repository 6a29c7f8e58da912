import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { comment, type IndexFixture, idsOf, post } from "./fixture.ts";

export function isRebuilt(fixture: IndexFixture): void {
  const { start, stop, opened, posts, comments, members } = fixture;

  describe("is rebuilt", () => {
    beforeEach(start);
    afterEach(stop);

    it("beside the generation that serves, which is replaced at once", async () => {
      const other = await opened();
      await fixture.index.putPosts([post(1, "낡은 글"), post(2, "낡은 글")]);
      await fixture.index.putMembers([{ id: 1, handle: "old", displayName: "낡은" }]);
      const rebuild = await fixture.index.rebuild();
      await rebuild.putPosts([post(1, "새로운 글")]);
      await rebuild.putComments([comment(1, 1, "새로운 글")]);
      await rebuild.putMembers([{ id: 2, handle: "new", displayName: "새로운" }]);
      expect([(await posts("낡은")).total, (await posts("새로운")).total, await comments("새로운")]).toEqual([
        2,
        0,
        [],
      ]);
      await rebuild.activate();
      expect([(await posts("낡은")).total, (await posts("새로운", {}, other)).ids]).toEqual([0, [1]]);
      expect([await comments("새로운"), await members("new"), await members("old")]).toEqual([[1], [2], []]);
      expect(await fixture.index.idsAfter("posts", 0, 10)).toEqual([1]);
    });

    it("and takes every write of that time, from any client", async () => {
      const other = await opened();
      await fixture.index.putPosts([post(1, "하나"), post(2, "둘")]);
      await fixture.index.putComments([comment(1, 1, "하나"), comment(2, 2, "둘"), comment(3, 2, "셋", [2])]);
      const rebuild = await fixture.index.rebuild();
      await rebuild.putPosts([post(1, "하나"), post(2, "둘")]);
      await rebuild.putComments([comment(1, 1, "하나"), comment(2, 2, "둘"), comment(3, 2, "셋", [2])]);
      await other.putPosts([post(2, "고친 둘"), post(3, "셋")]);
      await other.dropPosts([1]);
      await other.dropComments([2]);
      for (const _ of ["before", "after"]) {
        expect(await idsOf(posts("고친"))).toEqual([2]);
        expect(await fixture.index.idsAfter("posts", 0, 10)).toEqual([2, 3]);
        expect(await fixture.index.idsAfter("comments", 0, 10)).toEqual([]);
        await rebuild.activate();
      }
    });

    it("or left as it is, when that is given up", async () => {
      await fixture.index.putPosts([post(1, "하나")]);
      const rebuild = await fixture.index.rebuild();
      await rebuild.putPosts([post(2, "둘")]);
      await rebuild.abandon();
      await rebuild.abandon();
      await fixture.index.putPosts([post(3, "셋")]);
      expect(await fixture.index.idsAfter("posts", 0, 10)).toEqual([1, 3]);
      expect((await posts("둘")).total).toBe(0);
    });

    it.each(["first", "last"])(
      "by two at once without harm, whoever of them began %s ends first",
      async (order) => {
        const other = await opened();
        const [one, two] = [await fixture.index.rebuild(), await other.rebuild()];
        await one.putPosts([post(1, "하나")]);
        await two.putPosts([post(1, "하나"), post(2, "둘")]);
        await one.putPosts([post(2, "둘")]);
        for (const rebuild of order === "first" ? [one, two] : [two, one]) {
          await rebuild.activate();
          expect(await fixture.index.idsAfter("posts", 0, 10)).toEqual([1, 2]);
        }
        await other.putPosts([post(3, "셋")]);
        expect((await posts("셋")).ids).toEqual([3]);
      },
    );

    it("while questions are asked all the time", async () => {
      await fixture.index.putPosts([post(1, "언제나")]);
      const other = await opened();
      let isOver = false;
      const asking = (async () => {
        while (!isOver) {
          expect((await posts("언제나", {}, other)).ids).toEqual([1]);
          expect(await other.idsAfter("posts", 0, 10)).toEqual([1]);
        }
      })();
      for (let time = 0; time < 3; time++) {
        const rebuild = await fixture.index.rebuild();
        await rebuild.putPosts([post(1, "언제나")]);
        await rebuild.activate();
      }
      isOver = true;
      await asking;
    });
  });
}

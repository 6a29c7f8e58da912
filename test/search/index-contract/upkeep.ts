import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { comment, type IndexFixture, idsOf, post } from "./fixture.ts";

export function isKeptUpToDate(fixture: IndexFixture): void {
  const { start, stop, posts, comments, members } = fixture;

  describe("is kept up to date", () => {
    beforeEach(start);
    afterEach(stop);

    it("edits are found by their new text only", async () => {
      await fixture.index.putPosts([post(1, "처음 글", "첫 제목"), post(2, "둘째 글")]);
      await fixture.index.putPosts([post(1, "고친 글")]);
      for (const keyword of ["처음", "제목", "첫"]) expect((await posts(keyword)).total).toBe(0);
      expect(await idsOf(posts("고친"))).toEqual([1]);
      expect(await posts("글")).toEqual({ ids: [2, 1], total: 2 });
      await fixture.index.putMembers([{ id: 1, handle: "before", displayName: "옛이름" }]);
      await fixture.index.putMembers([{ id: 1, handle: "after", displayName: "새이름" }]);
      expect([await members("before"), await members("옛"), await members("새이")]).toEqual([[], [], [1]]);
      await fixture.index.putComments([comment(1, 1, "댓글 하나")]);
      await fixture.index.putComments([comment(1, 1, "댓글 둘")]);
      expect([await comments("하나"), await comments("둘")]).toEqual([[], [1]]);
    });

    it("the last of several writes of one document in a batch counts", async () => {
      await fixture.index.putPosts([post(1, "하나"), post(1, "둘")]);
      expect([(await posts("하나")).ids, (await posts("둘")).ids]).toEqual([[], [1]]);
    });

    it("writes may be repeated, and take away what isn't there", async () => {
      for (let time = 0; time < 3; time++) {
        await fixture.index.putPosts([post(7, "되풀이")]);
        await fixture.index.putComments([comment(8, 7, "되풀이")]);
      }
      expect(await posts("되풀이")).toEqual({ ids: [7], total: 1 });
      for (let time = 0; time < 2; time++) {
        await fixture.index.dropPosts([7, 99]);
        await fixture.index.dropComments([8, 99]);
        await fixture.index.dropMembers([99]);
      }
      await fixture.index.putPosts([]);
      await fixture.index.dropPosts([]);
      await fixture.index.dropComments([]);
      expect(await idsOf(posts("되풀이"))).toEqual([]);
      expect(await fixture.index.idsAfter("comments", 0, 10)).toEqual([]);
    });

    it("a post goes with all of its comments, and nobody else's", async () => {
      await fixture.index.putPosts([post(1, "나무"), post(11, "나무")]);
      await fixture.index.putComments([
        comment(1, 1, "나무"),
        comment(2, 1, "나무", [1]),
        comment(3, 1, "나무", [1, 2]),
        comment(4, 11, "나무"),
      ]);
      await fixture.index.dropPosts([1]);
      expect(await idsOf(posts("나무"))).toEqual([11]);
      expect(await comments("나무")).toEqual([4]);
    });

    it("a comment goes with everything below it, also where it is not there itself", async () => {
      await fixture.index.putComments([
        comment(1, 5, "나무"),
        comment(2, 5, "나무", [1]),
        comment(3, 5, "나무", [1, 2]),
        comment(4, 5, "나무", [1]),
        comment(5, 5, "나무"),
        comment(6, 5, "나무", [99]),
        comment(7, 5, "나무", [99, 98]),
      ]);
      await fixture.index.dropComments([2]);
      expect(await comments("나무")).toEqual([7, 6, 5, 4, 1]);
      await fixture.index.dropComments([1, 99]);
      expect(await comments("나무")).toEqual([5]);
    });

    it("comments are found in all posts, or in one", async () => {
      await fixture.index.putComments([
        comment(1, 1, "바다"),
        comment(2, 12, "바다"),
        comment(3, 2, "바다 소리"),
      ]);
      expect([await comments("바다"), await comments("바다", 1), await comments("바다", 2)]).toEqual([
        [3, 2, 1],
        [1],
        [3],
      ]);
      expect(await fixture.index.findComments({ keyword: "바다", offset: 0, limit: 1 }, 12)).toEqual({
        ids: [2],
        total: 1,
      });
      expect([await comments("바다", 3), await comments("산", 1)]).toEqual([[], []]);
    });

    it("tells its ids in order", async () => {
      const ids = [1, 5, 30, 2 ** 33, 200];
      await fixture.index.putPosts(ids.map((id) => post(id, "!")));
      await fixture.index.putComments([comment(3, 1, "하나")]);
      expect(await fixture.index.idsAfter("posts", 0, 3)).toEqual([1, 5, 30]);
      expect(await fixture.index.idsAfter("posts", 30, 10)).toEqual([200, 2 ** 33]);
      expect(await fixture.index.idsAfter("posts", 2 ** 33, 10)).toEqual([]);
      expect(await fixture.index.idsAfter("comments", 0, 10)).toEqual([3]);
      expect(await fixture.index.idsAfter("members", 0, 10)).toEqual([]);
      expect(await fixture.index.idsAfter("posts", Number.MAX_SAFE_INTEGER - 1, 1)).toEqual([]);
    });

    it("large batches of long texts are found whole", async () => {
      const long = Array.from({ length: 300 }, (_, at) =>
        post(at + 1, `${"가나다 라마바 ".repeat(60)}끝${at}번`),
      );
      await fixture.index.putPosts(long);
      expect((await posts("라마")).total).toBe(300);
      expect(await idsOf(posts("끝299번"))).toEqual([300]);
      await fixture.index.putComments(long.map(({ id, content }) => comment(id, 1, content)));
      await fixture.index.dropPosts(long.map(({ id }) => id));
      expect([(await posts("라마")).total, await comments("라마")]).toEqual([0, []]);
    });
  });
}

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type IndexFixture, idsOf, post } from "./fixture.ts";

export function isSharedByClients(fixture: IndexFixture): void {
  const { start, stop, opened, posts } = fixture;

  describe("is shared by clients", () => {
    beforeEach(start);
    afterEach(stop);

    it("any client finds what another one wrote", async () => {
      const other = await opened();
      await fixture.index.putPosts([post(1, "함께")]);
      expect((await posts("함께", {}, other)).ids).toEqual([1]);
      await other.putPosts([post(1, "따로")]);
      expect([(await posts("함께")).ids, (await posts("따로")).ids]).toEqual([[], [1]]);
    });

    it("clients may open and write at once", async () => {
      const clients = [fixture.index, ...Array.from({ length: 4 }, () => fixture.connect())];
      await Promise.all(clients.map((client) => client.open()));
      await Promise.all(
        clients.map(async (client, at) => {
          for (let id = 1; id <= 10; id++)
            await client.putPosts([post(at * 10 + id, `동시 ${at}`), post(999, "모두")]);
        }),
      );
      expect((await posts("동시")).total).toBe(50);
      expect((await posts("모두")).total).toBe(1);
    });

    it("stays when everybody is gone", async () => {
      await fixture.index.putPosts([post(1, "남는다")]);
      await fixture.index.close();
      await fixture.reopen();
      expect(await idsOf(posts("남는다"))).toEqual([1]);
    });
  });
}

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { LeaseStore } from "../../lib/leases/lease-store.ts";
import { MemoryIndex } from "./memory-index.ts";
import { idsOf, SearchApp } from "./search-app.ts";

/** Events are taken as in life: what is written is found a moment later. */
let app: SearchApp;
let index: MemoryIndex;
let author: number;

beforeAll(async () => {
  index = new MemoryIndex();
  app = await SearchApp.start("on", index);
  author = await app.member("author");
});
afterAll(() => app.stop());

const found = (keyword: string) => app.posts(keyword, author).then(idsOf);
const eventually = (keyword: string) => expect.poll(() => found(keyword), { timeout: 20_000 });

function put(ids: readonly number[], content: string): void {
  for (const id of ids) index.serving.posts.set(id, { id, title: "", content });
}

describe("a rebuild", () => {
  it("serves the old generation until it is done, takes events meanwhile, and misses nothing", async () => {
    const ids: number[] = [];
    for (let count = 0; count < 5; count++) ids.unshift((await app.post(author, `무지개 ${count}`)).id);
    await eventually("무지개").toEqual(ids);
    const [last, edited, deleted] = ids as [number, number, number];
    // What the index has wrongly: a post that isn't there, and one that is.
    put([999_999], "무지개 유령");
    index.serving.posts.delete(last);

    const arrived = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    index.beforePut = async (kind) => {
      if (kind !== "posts" || !index.filling) return;
      index.beforePut = async () => undefined;
      arrived.resolve();
      await released.promise;
    };
    const rebuilding = app.services.call<object>("search.reindex", {});
    await arrived.promise;

    // The rebuild has read these posts and not yet written them.
    await app.services.call("content.updatePost", { id: edited, content: "쌍무지개" }, author);
    await app.services.call("content.deletePost", { id: deleted }, author);
    const added = (await app.post(author, "무지개 새것")).id;
    await eventually("쌍무지개").toEqual([edited]);
    await eventually("무지개 새것").toEqual([added]);
    expect(index.serving.posts.has(999_999)).toBe(true);
    expect(await app.services.call("search.reindexProgress", {})).toMatchObject({
      isRunning: true,
      posts: 0,
    });

    released.resolve();
    expect(await rebuilding).toMatchObject({ outcome: "DONE", members: 1, posts: 5 });
    expect(await found("무지개")).toEqual([added, ...ids.filter((id) => id !== deleted)]);
    expect(await found("쌍무지개")).toEqual([edited]);
    expect(index.serving.posts.has(deleted)).toBe(false);
    expect(await app.services.call("search.reindexProgress", {})).toEqual({ isRunning: false });
  });

  it("is one at a time in the cluster; a second one here joins the first", async () => {
    const leases = new LeaseStore(app.database);
    const other = await leases.acquire("search-upkeep", "another node", 60_000);
    expect(await app.services.call("search.reindex", {})).toEqual({ outcome: "ELSEWHERE" });
    expect(await app.services.call("search.checkDrift", {})).toEqual({ outcome: "ELSEWHERE" });
    if (other) await leases.release(other);
    const both = await Promise.all([1, 2].map(() => app.services.call<object>("search.reindex", {})));
    expect(both[0]).toMatchObject({ outcome: "DONE" });
    expect(both[1]).toEqual(both[0]);
  });

  it("waits out a short outage, and changes nothing where it fails", async () => {
    const serving = index.serving;
    let failures = 0;
    index.broken = () => {
      failures++;
      return new Error("no place");
    };
    await expect(app.services.call("search.reindex", {})).rejects.toThrow("no place");
    index.broken = () => undefined;
    expect(failures).toBe(1);
    expect(index.serving).toBe(serving);
    expect(index.filling).toBeUndefined();

    index.beforePut = async () => {
      index.beforePut = async () => undefined;
      index.isAway = true;
      setTimeout(() => {
        index.isAway = false;
      }, 150);
      await index.idsAfter("posts", 0, 1);
    };
    expect(await app.services.call("search.reindex", {})).toMatchObject({ outcome: "DONE" });
  });
});

describe("the check of the index", () => {
  it("finds what is missing and what is too much, and puts it right", async () => {
    const { id: missing } = await app.post(author, "저울 하나");
    const { id: kept } = await app.post(author, "저울 둘");
    const comment = await app.comment(author, kept, "저울 셋");
    await eventually("저울").toEqual([kept, missing]);
    await expect
      .poll(() => app.comments("저울", author).then(idsOf), { timeout: 20_000 })
      .toEqual([comment.id]);
    index.serving.posts.delete(missing);
    index.serving.comments.delete(comment.id);
    put([888_888, 999_999], "저울 유령");
    index.serving.members.set(777_777, { id: 777_777, handle: "ghost", displayName: "Ghost" });

    const report = {
      missing: { posts: 1, comments: 1, members: 0 },
      surplus: { posts: 2, comments: 0, members: 1 },
    };
    expect(await app.services.call("search.checkDrift", {})).toEqual({ outcome: "DONE", ...report });
    expect(await found("저울")).toEqual([kept, missing]);
    expect(index.serving.posts.has(999_999) || index.serving.members.has(777_777)).toBe(false);
    const nothing = { posts: 0, comments: 0, members: 0 };
    expect(await app.services.call("search.checkDrift", {})).toEqual({
      ...{ outcome: "DONE", missing: nothing, surplus: nothing },
    });
  });
});

it("the check waits for a rebuild that takes the lease before it", async () => {
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  index.beforePut = async () => {
    index.beforePut = async () => undefined;
    arrived.resolve();
    await released.promise;
  };
  let rebuilding: Promise<unknown> | undefined;
  const acquire = vi.spyOn(LeaseStore.prototype, "acquire").mockImplementationOnce(async (...lease) => {
    acquire.mockRestore();
    rebuilding = app.services.call("search.reindex", {});
    await arrived.promise;
    const own = await new LeaseStore(app.database).acquire(...lease);
    released.resolve();
    return own;
  });
  expect(await app.services.call("search.checkDrift", {})).toMatchObject({ outcome: "DONE" });
  expect(await rebuilding).toMatchObject({ outcome: "DONE" });
});

describe("an outage", () => {
  it("lets members write on, keeps the events, and is caught up afterwards", async () => {
    const before = await app.post(author, "정전 전");
    await eventually("정전").toEqual([before.id]);
    index.isAway = true;
    const during = await app.post(author, "정전 중");
    await app.services.call("content.deletePost", { id: before.id }, author);
    await expect(app.posts("정전", author)).rejects.toMatchObject({ type: "SERVICE_UNAVAILABLE" });
    await expect
      .poll(() => app.search.eventSubscriber.lag(`${app.services.config.events.namespace}-search`), {
        timeout: 20_000,
      })
      .toContainEqual(expect.objectContaining({ lag: expect.toSatisfy((lag) => Number(lag) > 0) }));
    index.isAway = false;
    await eventually("정전").toEqual([during.id]);
    expect(await app.search.deadLetters.list({ consumer: "search" }, 10)).toEqual([]);
  });
});

describe("an index that is new", () => {
  it("is built at the start from what is there already, once it can be reached", async () => {
    const fresh = new MemoryIndex();
    fresh.isAway = true;
    const { id } = await app.post(author, "오래된 글");
    const comment = await app.comment(author, id, "오래된 댓글");
    const second = await SearchApp.beside(app, fresh);
    fresh.isAway = false;
    await expect.poll(() => fresh.serving.comments.has(comment.id), { timeout: 20_000 }).toBe(true);
    expect(fresh.serving.posts.has(id) && fresh.serving.members.has(author)).toBe(true);
    await second.stop();
  });

  it("that is complete is not built again", async () => {
    // Events may be on their way still.
    await app.services.call("search.checkDrift", {});
    const complete = new MemoryIndex();
    complete.serving = index.serving;
    let rebuilds = 0;
    const rebuild = complete.rebuild.bind(complete);
    complete.rebuild = () => {
      rebuilds++;
      return rebuild();
    };
    const second = await SearchApp.beside(app, complete);
    await expect.poll(() => complete.lookups, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
    await second.stop();
    expect(rebuilds).toBe(0);
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PageOf, ScrollOf } from "../../contracts/dto/paging.ts";
import timelineService from "../../services/timeline/timeline.service.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";
import { statementsOf } from "../support/statements.ts";
import { LISTS, type ListCase, rangeOf } from "./timeline-lists.ts";
import { World } from "./world.ts";

type Scroll = ScrollOf<{ id: number }>;

const SIZES = [1, 3, 7, 20, 100];

let app: ServiceUnderTest;
let world: World;
beforeAll(async () => {
  app = await startServices(timelineService);
  world = await World.create(app.database);
});
afterAll(() => app.stop());

const read = (list: ListCase, paging: object = {}) =>
  app.call<Scroll>(`timeline.${list.action}`, { ...list.params(world), ...paging }, world.reader);
const idsOf = ({ content }: Scroll) => content.map(({ id }) => id);

/** Cursors of windows hold the time at which a walk began. */
const withoutCursor = (page: Scroll) => ({ ...page, nextCursor: null });

/** Every page of a list, each found from the one before. */
async function walk(list: ListCase, size: number, next: (page: Scroll) => object): Promise<Scroll[]> {
  const pages = [await read(list, { size })];
  for (let last = pages[0]; last?.hasNext; last = pages.at(-1)) {
    pages.push(await read(list, { size, ...next(last) }));
  }
  return pages;
}

describe.each(LISTS)("$name", (list) => {
  test("walked by page and by cursor is what filtering and sorting gives", async () => {
    const expected = list.expected(world);
    expect(expected.length, "the case has something to page through").toBeGreaterThan(7);
    for (const size of SIZES) {
      const byPage = await walk(list, size, ({ page }) => ({ page: page + 1 }));
      const byCursor = await walk(list, size, ({ nextCursor }) => ({ cursor: nextCursor }));
      expect(byPage.flatMap(idsOf), `by pages of ${size}`).toEqual(expected);
      expect(byCursor.map(withoutCursor), `by cursor in pages of ${size}`).toEqual(byPage.map(withoutCursor));
      expect(byPage.map(({ page }) => page)).toEqual([...byPage.keys()]);
      expect(byPage.map(({ hasNext }) => hasNext)).toEqual(
        byPage.map((_, index) => index < byPage.length - 1),
      );
      expect(byPage.every((page) => page.hasNext === (page.nextCursor !== null) && page.size === size)).toBe(
        true,
      );
    }
  });

  test("has its own default size, and nothing beyond its end", async () => {
    const expected = list.expected(world);
    const first = await read(list);
    expect(first.size).toBe(list.defaultSize);
    expect(idsOf(first)).toEqual(expected.slice(0, list.defaultSize));
    expect(await read(list, { page: 100 })).toMatchObject({
      content: [],
      page: 100,
      hasNext: false,
      nextCursor: null,
    });
    expect((await read(list, { size: 1_000 })).size).toBe(100);
  });

  test("takes a fixed number of statements, whatever the size", async () => {
    const [onMysql, onSqlite = onMysql] = list.statements;
    const expected = app.database.dialect === "mysql" ? onMysql : onSqlite;
    for (const size of SIZES) {
      const { nextCursor: cursor } = await read(list, { size: 1 });
      for (const paging of [{ size }, { size, page: 1 }, { size, cursor }]) {
        const statements = await statementsOf(app.database, () => read(list, paging));
        // Without rows there is nothing to show of them.
        expect(statements.length, JSON.stringify({ paging, statements })).toBeLessThanOrEqual(expected);
        if (paging.page === undefined) expect(statements).toHaveLength(expected);
      }
    }
  });

  test("refuses cursors of other lists and pages too deep", async () => {
    for (const other of LISTS.filter(({ name }) => name !== list.name)) {
      const { nextCursor: cursor } = await read(other, { size: 1 });
      await expect(read(list, { cursor }), other.name).rejects.toMatchObject({ type: "INVALID_CURSOR" });
    }
    await expect(read(list, { cursor: "nonsense" })).rejects.toMatchObject({ type: "INVALID_CURSOR" });
    await expect(read(list, { page: 101, size: 100 })).rejects.toMatchObject({ type: "PAGE_TOO_DEEP" });
    expect((await read(list, { page: 100, size: 100 })).content).toEqual([]);
  });
});

test("a feed page is three statements at most", () => {
  expect(Math.max(...LISTS.map(({ statements: [count] }) => count))).toBeLessThanOrEqual(3);
});

describe("the follow feed", () => {
  const feed = (memberId: number, paging: object = {}) =>
    app.call<Scroll>("timeline.listFollowingsPosts", paging, memberId);

  test("of a member who follows nobody is empty", async () => {
    expect(await feed(world.loner)).toMatchObject({ content: [], hasNext: false, nextCursor: null });
  });

  test("skips a thousand posts through the bulkhead, a few at a time", async () => {
    const deep = await Promise.allSettled(
      Array.from({ length: 12 }, () => feed(world.reader, { page: 11, size: 100 })),
    );
    const refused = deep.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(3);
    expect(refused[0]).toMatchObject({
      reason: { type: "SERVICE_UNAVAILABLE", data: { reason: "QUEUE_FULL" } },
    });
    expect((await feed(world.reader)).content).toHaveLength(20);
  });
});

describe("a window", () => {
  test("keeps its start through a walk by cursor, though time passes", async () => {
    const list = LISTS.find(({ name }) => name === "listMostPopularPosts, day") as ListCase;
    const expected = list.expected(world);
    const { now } = Date;
    try {
      const first = await read(list, { size: 1 });
      Date.now = () => now() + 50 * 60_000;
      const rest = await read(list, { size: 100, cursor: first.nextCursor });
      expect([...idsOf(first), ...idsOf(rest)]).toEqual(expected);
      Date.now = () => now() + 20 * 3_600_000;
      const late = await read(list, { size: 100, cursor: first.nextCursor });
      expect(late.content.length).toBeLessThan(rest.content.length);
    } finally {
      Date.now = now;
    }
  });

  test("has only the four names", async () => {
    await expect(
      app.call("timeline.listMostPopularPosts", { window: "year" }, world.reader),
    ).rejects.toMatchObject({ type: "VALIDATION_ERROR" });
  });
});

describe("a date range", () => {
  const range = (params: object) =>
    app.call<PageOf<{ id: number }>>("timeline.listPostsInDateRange", params, 1);
  const iso = (time: number) => new Date(time).toISOString();

  test("has real totals on every page", async () => {
    const { start, end } = rangeOf(world);
    const total = LISTS.find(({ name }) => name === "date range")?.expected(world).length ?? 0;
    const params = { startDate: iso(start), endDate: iso(end), size: 7 };
    const totals = { totalElements: total, totalPages: Math.ceil(total / 7) };
    const first = await range(params);
    expect(first).toMatchObject({ ...totals, first: true, last: false, hasPrevious: false });
    expect(await range({ ...params, cursor: first.nextCursor })).toMatchObject({
      ...totals,
      page: 1,
      first: false,
      hasPrevious: true,
    });
    expect(await range({ ...params, page: totals.totalPages - 1 })).toMatchObject({ ...totals, last: true });
  });

  test("includes both ends to the millisecond, with offsets and without", async () => {
    const post = world.livingPosts[50];
    if (!post) throw new Error("the world is too small");
    const local = iso(post.createdAt).slice(0, -1);
    const seoul = `${iso(post.createdAt + 9 * 3_600_000).slice(0, -1)}+09:00`;
    for (const [startDate, endDate] of [
      [local, local],
      [seoul, iso(post.createdAt)],
    ]) {
      const page = await range({ startDate, endDate });
      expect(page.content.map(({ id }) => id)).toContain(post.id);
      expect(page.totalElements).toBe(
        world.livingPosts.filter(({ createdAt }) => createdAt === post.createdAt).length,
      );
    }
    const after = await range({ startDate: iso(post.createdAt + 1), endDate: iso(post.createdAt + 1) });
    expect(after.content.map(({ id }) => id)).not.toContain(post.id);
  });

  test("without posts is an empty first and last page", async () => {
    expect(await range({ startDate: "1999-01-01T00:00:00", endDate: "1999-12-31T23:59:59" })).toEqual({
      content: [],
      page: 0,
      size: 20,
      hasNext: false,
      nextCursor: null,
      totalElements: 0,
      totalPages: 0,
      hasPrevious: false,
      first: true,
      last: true,
    });
  });

  test.each([
    { startDate: "2024-01-02T00:00:00Z", endDate: "2024-01-01T00:00:00Z" },
    { startDate: "2023-01-01T00:00:00Z", endDate: "2024-01-02T00:00:01Z" },
    { startDate: "2024-01-01", endDate: "2024-01-02" },
    { startDate: "2024-01-01T00:00:00Z" },
    { endDate: "2024-01-01T00:00:00Z" },
  ])("%j is refused", async (params) => {
    await expect(range(params)).rejects.toMatchObject({ type: "VALIDATION_ERROR", code: 400 });
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MemberSummaryDto } from "../../contracts/dto/member.ts";
import type { PageOf, ScrollOf } from "../../contracts/dto/paging.ts";
import memberService from "../../services/member/member.service.ts";
import { insertMember, withdrawMember } from "../support/fixtures.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";
import { statementsOf } from "../support/statements.ts";

type Scroll = ScrollOf<MemberSummaryDto>;
type Overview = { followers: Scroll; followings: Scroll };

let app: ServiceUnderTest;
let hub: number;
let reader: number;
let fans: number[];
/** Fans of `hub` that still exist, newest relation first. */
let shownFans: number[];
let gone: number;

const FANS = 25;
const idsOf = (content: readonly MemberSummaryDto[]) => content.map(({ id }) => id);
const call = <T>(action: string, params: object, memberId = hub) =>
  app.call<T>(`member.${action}`, params, memberId);

/** Every member of a list, page by page with its cursors. */
async function walk(action: string, params: object, memberId: number): Promise<number[]> {
  const seen: number[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; cursor !== null; page++) {
    const scroll: Scroll = await call(action, { ...params, ...(cursor ? { cursor } : {}) }, memberId);
    expect(scroll.page).toBe(page);
    expect(scroll.hasNext).toBe(scroll.nextCursor !== null);
    seen.push(...idsOf(scroll.content));
    cursor = scroll.nextCursor;
  }
  return seen;
}

beforeAll(async () => {
  app = await startServices(memberService);
  hub = await insertMember(app.database, "hub");
  reader = await insertMember(app.database, "reader");
  fans = [];
  for (let index = 0; index < FANS; index++) fans.push(await insertMember(app.database, `fan_${index}`));
  // Relations in another order than ids, so that a list sorted by member ids fails.
  const order = [...fans.filter((_, index) => index % 2), ...fans.filter((_, index) => index % 2 === 0)];
  for (const fan of order) {
    await call("follow", { memberId: hub }, fan);
    await call("follow", { memberId: fan }, hub);
  }
  gone = order[5] ?? 0;
  await withdrawMember(app.database, gone);
  shownFans = order.filter((fan) => fan !== gone).reverse();
  await call("follow", { memberId: shownFans[0] }, reader);
});
afterAll(() => app.stop());

describe("followers and followings", () => {
  test("are listed by newest relation, without withdrawn members, each once", async () => {
    const first = await call<Scroll>("listOwnFollowers", {});
    expect(first).toMatchObject({ page: 0, size: 10, hasNext: true });
    expect(idsOf(first.content)).toEqual(shownFans.slice(0, 10));
    expect(first.content.every(({ following }) => following)).toBe(true);
    const third = await call<Scroll>("listOwnFollowers", { page: 2 });
    expect(idsOf(third.content)).toEqual(shownFans.slice(20));
    expect(third).toMatchObject({ page: 2, hasNext: false, nextCursor: null });
    for (const size of [1, 7, 10, FANS - 1, 1_000]) {
      expect(await walk("listOwnFollowers", { size }, hub)).toEqual(shownFans);
      expect(await walk("listOwnFollowings", { size }, hub)).toEqual(shownFans);
      expect(await walk("listFollowers", { memberId: hub, size }, reader)).toEqual(shownFans);
      expect(await walk("listFollowings", { memberId: hub, size }, reader)).toEqual(shownFans);
    }
  });

  test("tell whom the reader follows, not whom their owner follows", async () => {
    const { content } = await call<Scroll>("listFollowers", { memberId: hub }, reader);
    expect(content.map(({ following }) => following)).toEqual([true, ...new Array(9).fill(false)]);
    const own = await call<Scroll>("listFollowers", { memberId: shownFans[0] }, reader);
    expect(own.content.map(({ memberName }) => memberName)).toEqual(["reader", null]);
  });

  test("come together, and their cursors continue in the list of each side", async () => {
    const overview = await call<Overview>("getOwnFollowersFollowings", { cursor: "ignored" });
    expect(idsOf(overview.followers.content)).toEqual(shownFans.slice(0, 10));
    expect(idsOf(overview.followings.content)).toEqual(shownFans.slice(0, 10));
    const followers = await call<Scroll>("listOwnFollowers", { cursor: overview.followers.nextCursor });
    expect(followers).toMatchObject({ page: 1, size: 10 });
    expect(idsOf(followers.content)).toEqual(shownFans.slice(10, 20));
    const other = await call<Overview>("getFollowersFollowings", { memberId: hub, page: 1, size: 5 }, reader);
    expect(idsOf(other.followings.content)).toEqual(shownFans.slice(5, 10));
    const cursor = other.followings.nextCursor;
    const next = await call<Scroll>("listFollowings", { memberId: hub, size: 5, cursor }, reader);
    expect(idsOf(next.content)).toEqual(shownFans.slice(10, 15));
    expect(await call("getOwnFollowersFollowings", {}, reader)).toMatchObject({
      followers: { content: [], page: 0, size: 10, hasNext: false, nextCursor: null },
      followings: { content: [{ id: shownFans[0] }], hasNext: false },
    });
  });

  test("refuse cursors of another list, nonsense, and pages too deep", async () => {
    const { nextCursor } = await call<Scroll>("listOwnFollowers", {});
    for (const cursor of [nextCursor, "nonsense", "%"]) {
      await expect(call("listOwnFollowings", { cursor })).rejects.toMatchObject({ type: "INVALID_CURSOR" });
    }
    for (const action of ["listOwnFollowers", "getOwnFollowersFollowings", "recommendNewbies"]) {
      await expect(call(action, { page: 1_001 })).rejects.toMatchObject({ type: "PAGE_TOO_DEEP" });
      await expect(call(action, { size: 0 })).rejects.toMatchObject({ type: "VALIDATION_ERROR" });
      await expect(call(action, { page: -1 })).rejects.toMatchObject({ type: "VALIDATION_ERROR" });
    }
  });
});

describe("queries", () => {
  test("by ids answer in the order asked, once each, unknown and withdrawn skipped", async () => {
    const [a = 0, b = 0, c = 0] = shownFans;
    const content = await call<MemberSummaryDto[]>("queryMembers", { ids: [c, 999_999, a, gone, b, a, hub] });
    expect(idsOf(content)).toEqual([c, a, b, hub]);
    expect(content.map(({ memberName }) => memberName)).toEqual([null, null, null, "hub"]);
    expect(await call("queryMembers", { ids: [] })).toEqual([]);
  });

  test("by ids take a thousand", async () => {
    const unknown = Array.from({ length: 1_000 - shownFans.length }, (_, index) => 1_000_000 + index);
    const ids = [...unknown, ...shownFans];
    expect(idsOf(await call<MemberSummaryDto[]>("queryMembers", { ids }))).toEqual(shownFans);
    await expect(call("queryMembers", { ids: [...ids, hub] })).rejects.toMatchObject({
      type: "MEMBER_IDS_LIMIT_EXCEEDS",
      code: 400,
    });
    for (const bad of [{}, { ids: ["1"] }, { ids: [0] }, { ids: 1 }, { ids: null }]) {
      await expect(call("queryMembers", bad)).rejects.toMatchObject({ type: "VALIDATION_ERROR" });
    }
  });

  test("for followings answer all of them, newest relation first", async () => {
    const content = await call<MemberSummaryDto[]>("listFollowedMembers", {});
    expect(idsOf(content)).toEqual(shownFans);
    expect(content.every(({ following }) => following)).toBe(true);
  });
});

describe("newbies", () => {
  test("are active, not the reader, not followed, newest first, with real totals", async () => {
    const expected = fans.filter((fan) => fan !== gone && fan !== shownFans[0]).reverse();
    const page = await call<PageOf<MemberSummaryDto>>("recommendNewbies", {}, reader);
    expect(idsOf(page.content)).toEqual(expected.slice(0, 10));
    const total = expected.length + 1;
    expect(page).toMatchObject({
      totalElements: total,
      totalPages: Math.ceil(total / 10),
      hasNext: true,
      hasPrevious: false,
      first: true,
      last: false,
    });
    const second = await call<PageOf<MemberSummaryDto>>(
      "recommendNewbies",
      { cursor: page.nextCursor },
      reader,
    );
    expect(second).toMatchObject({ page: 1, hasPrevious: true, first: false, totalElements: total });
    expect(await walk("recommendNewbies", { size: 4 }, reader)).toEqual([...expected, hub]);
    expect(await walk("recommendMoreNewbies", { size: 4 }, reader)).toEqual([...expected, hub]);
    expect(await call("recommendMoreNewbies", {}, reader)).not.toHaveProperty("totalElements");
  });

  test("don't count a withdrawn member twice whom the reader still has a relation with", async () => {
    const page = await call<PageOf<MemberSummaryDto>>("recommendNewbies", {});
    expect(idsOf(page.content)).toEqual([reader]);
    expect(page).toMatchObject({ totalElements: 1, totalPages: 1, last: true });
  });
});

test.each([
  ["listOwnFollowers", {}, 2],
  ["listOwnFollowings", {}, 2],
  ["listFollowers", { memberId: "hub" }, 3],
  ["listFollowings", { memberId: "hub" }, 3],
  ["getOwnFollowersFollowings", {}, 3],
  ["getFollowersFollowings", { memberId: "hub" }, 4],
  ["listFollowedMembers", {}, 1],
  ["recommendNewbies", {}, 3],
  ["recommendMoreNewbies", {}, 2],
] as const)("%s %j takes %i statements, whatever its size", async (action, params, expected) => {
  const isOther = "memberId" in params;
  const caller = isOther || action.startsWith("recommend") ? reader : hub;
  for (const size of [1, 5, 100]) {
    const all = { ...params, ...(isOther ? { memberId: hub } : {}), size };
    const statements = await statementsOf(app.database, () => call(action, all, caller));
    expect(statements).toHaveLength(expected);
  }
});

test("a query by ids takes one statement, whatever their number", async () => {
  for (const ids of [shownFans.slice(0, 1), shownFans]) {
    expect(await statementsOf(app.database, () => call("queryMembers", { ids }))).toHaveLength(1);
  }
});

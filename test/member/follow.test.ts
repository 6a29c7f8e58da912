import { afterAll, beforeAll, expect, test } from "vitest";
import type { MemberSummaryDto } from "../../contracts/dto/member.ts";
import { joinSql, sql } from "../../lib/sql/sql.ts";
import memberService from "../../services/member/member.service.ts";
import { insertMember, withdrawMember } from "../support/fixtures.ts";
import { type ServiceUnderTest, startServices } from "../support/service.ts";
import { statementsOf } from "../support/statements.ts";

let app: ServiceUnderTest;
beforeAll(async () => {
  app = await startServices(memberService);
});
afterAll(() => app.stop());

let made = 0;
async function newMembers(count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let index = 0; index < count; index++) ids.push(await insertMember(app.database, `member_${made++}`));
  return ids;
}

/** Relations to members that don't exist: only their number matters. */
async function followMany(followerId: number, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => sql`(${followerId}, ${1_000_000 + index}, 0)`);
  await app.database.insert(
    sql`INSERT INTO follows (follower_id, following_id, created_at) VALUES ${joinSql(rows, ", ")}`,
  );
  await app.database.execute(
    sql`UPDATE profiles SET followings_count = ${count} WHERE member_id = ${followerId}`,
  );
}

const follow = (followerId: number, memberId: number) => app.call("member.follow", { memberId }, followerId);
const unfollow = (followerId: number, memberId: number) =>
  app.call("member.unfollow", { memberId }, followerId);
const summary = (memberId: number, readerId: number) =>
  app.call<MemberSummaryDto>("member.getMemberSummary", { memberId }, readerId);

async function relationsOf(followerId: number): Promise<number> {
  const row = await app.database.selectOne<{ total: number }>(
    sql`SELECT COUNT(*) AS total FROM follows WHERE follower_id = ${followerId}`,
  );
  return row?.total ?? 0;
}

function outcomes(results: PromiseSettledResult<unknown>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) {
    const key = result.status === "fulfilled" ? "done" : String(result.reason.type);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

test("follow and unfollow move both counters and the reader's flag", async () => {
  const [a = 0, b = 0] = await newMembers(2);
  expect(await follow(a, b)).toBe(true);
  expect(await summary(b, a)).toMatchObject({ followersCount: 1, followingsCount: 0, following: true });
  expect(await summary(a, b)).toMatchObject({
    followersCount: 0,
    followingsCount: 1,
    followingCount: 1,
    following: false,
  });
  await expect(follow(a, b)).rejects.toMatchObject({ type: "FOLLOW_RELATIONSHIP_ALREADY_EXISTS", code: 409 });
  expect(await summary(b, a)).toMatchObject({ followersCount: 1 });
  expect(await unfollow(a, b)).toBe(true);
  expect(await summary(b, a)).toMatchObject({ followersCount: 0, following: false });
  await expect(unfollow(a, b)).rejects.toMatchObject({ type: "FOLLOW_RELATIONSHIP_NOT_FOUND", code: 404 });
});

test("following doesn't count as an edit of a profile", async () => {
  const [a = 0, b = 0] = await newMembers(2);
  const before = await summary(b, a);
  await follow(a, b);
  expect((await summary(b, a)).updatedAt).toBe(before.updatedAt);
});

test("refusals come in order: self, limit, unknown, existing", async () => {
  const [a = 0, b = 0, gone = 0] = await newMembers(3);
  await withdrawMember(app.database, gone);
  await expect(follow(a, a)).rejects.toMatchObject({ type: "FOLLOW_SELF_NOT_ALLOWED", code: 400 });
  await expect(follow(a, gone)).rejects.toMatchObject({ type: "MEMBER_NOT_FOUND" });
  await follow(a, b);
  await followMany(a, 999);
  await app.database.execute(sql`UPDATE profiles SET followings_count = 1000 WHERE member_id = ${a}`);
  await expect(follow(a, a)).rejects.toMatchObject({ type: "FOLLOW_SELF_NOT_ALLOWED" });
  for (const target of [gone, 999_999_999, b]) {
    await expect(follow(a, target)).rejects.toMatchObject({ type: "FOLLOW_LIMIT_EXCEEDS", code: 400 });
  }
  await expect(unfollow(a, a)).rejects.toMatchObject({ type: "FOLLOW_RELATIONSHIP_NOT_FOUND" });
  await unfollow(a, b);
  expect(await follow(a, b)).toBe(true);
});

test.each([0, -1, 1.5, "7", 2 ** 53])("%j is not a member id", async (memberId) => {
  await expect(app.call("member.follow", { memberId }, 1)).rejects.toMatchObject({
    type: "VALIDATION_ERROR",
  });
});

test("20 parallel follows at 995 followings end at exactly 1000", async () => {
  const [a = 0, ...targets] = await newMembers(21);
  await followMany(a, 995);
  const results = await Promise.allSettled(targets.map((target) => follow(a, target)));
  expect(outcomes(results)).toEqual({ done: 5, FOLLOW_LIMIT_EXCEEDS: 15 });
  expect(await relationsOf(a)).toBe(1_000);
  expect(await summary(a, a)).toMatchObject({ followingsCount: 1_000 });
});

test("of 20 parallel follows of one pair one is stored, and of 20 unfollows one removes it", async () => {
  const [a = 0, b = 0] = await newMembers(2);
  const twenty = Array.from({ length: 20 });
  expect(outcomes(await Promise.allSettled(twenty.map(() => follow(a, b))))).toEqual({
    done: 1,
    FOLLOW_RELATIONSHIP_ALREADY_EXISTS: 19,
  });
  expect(await summary(b, a)).toMatchObject({ followersCount: 1 });
  expect(outcomes(await Promise.allSettled(twenty.map(() => unfollow(a, b))))).toEqual({
    done: 1,
    FOLLOW_RELATIONSHIP_NOT_FOUND: 19,
  });
  expect(await summary(b, a)).toMatchObject({ followersCount: 0 });
});

test("members who follow each other at the same time never deadlock", async () => {
  const members = await newMembers(6);
  const pairs = members.flatMap((a) => members.filter((b) => b !== a).map((b) => [a, b] as const));
  const statements = await statementsOf(app.database, async () => {
    await Promise.all(pairs.map(([a, b]) => follow(a, b)));
  });
  const begun = statements.filter((statement) => /: (START|BEGIN)\b/.test(statement));
  expect(begun, "a transaction more than pairs is a retry after a deadlock").toHaveLength(pairs.length);
  for (const member of members) {
    expect(await summary(member, member)).toMatchObject({ followersCount: 5, followingsCount: 5 });
  }
});

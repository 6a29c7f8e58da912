import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sql } from "../../lib/sql/sql.ts";
import { insertMember } from "../support/fixtures.ts";
import { outcomesOf } from "../support/outcomes.ts";
import { AuthApp, PASSWORD, RELOGIN, type Session, WRONG_PASSWORD } from "./auth-app.ts";

let app: AuthApp;
beforeAll(async () => {
  app = await AuthApp.start();
});
afterAll(() => app.stop());

const withdraw = (session: Session, password = PASSWORD) =>
  app.as<true>(session, "auth.withdraw", { password });
const follow = (from: number, to: number) => app.services.call("member.follow", { memberId: to }, from);

/** The stored counters beside the counted relations; the two must be equal. */
async function countersOf(memberId: number) {
  const [row] = await app.rows<{ followers: number; followings: number; a: number; b: number }>(
    sql`SELECT followers_count AS followers, followings_count AS followings,
               (SELECT COUNT(*) FROM follows WHERE following_id = ${memberId}) AS a,
               (SELECT COUNT(*) FROM follows WHERE follower_id = ${memberId}) AS b
        FROM profiles WHERE member_id = ${memberId}`,
  );
  expect([row?.followers, row?.followings]).toEqual([row?.a, row?.b]);
  return { followers: row?.followers, followings: row?.followings };
}

let strangers = 0;

async function insertMembers(count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let index = 0; index < count; index++) {
    ids.push(await insertMember(app.database, `stranger_${++strangers}`));
  }
  return ids;
}

describe("a withdrawal", () => {
  it("erases personal data and the ways to log in; the e-mail and the handle are free again", async () => {
    const member = await app.signUp({
      displayName: "하나",
      bio: "소개",
      location: "서울",
      websiteUrl: "https://example.com",
      birthDate: "2000-01-01",
      gender: "OTHER",
      timezone: "Asia/Seoul",
      languageCode: "ko",
      countryCode: "KR",
      privacyLevel: "PRIVATE",
      avatarUrl: "/a.png",
      coverUrl: "/c.png",
    });
    const session = await app.logIn(member);
    expect(await withdraw(session)).toBe(true);

    const [left] = await app.rows<Record<string, unknown>>(
      sql`SELECT m.*, p.*, c.password_hash FROM members m JOIN profiles p ON p.member_id = m.id
          JOIN member_credentials c ON c.member_id = m.id WHERE m.id = ${member.id}`,
    );
    const given = Object.entries(left ?? {}).filter(
      ([name, value]) => value !== null && !name.endsWith("_at"),
    );
    expect(Object.fromEntries(given)).toEqual({
      id: member.id,
      is_active: 0,
      member_id: member.id,
      language_code: "en",
      privacy_level: "PUBLIC",
      verification_status: "UNVERIFIED",
      followers_count: 0,
      followings_count: 0,
    });
    expect(left?.withdrawn_at).toEqual(expect.any(Number));
    expect(await app.rows(sql`SELECT id FROM login_identities WHERE member_id = ${member.id}`)).toEqual([]);
    await expect(app.logIn(member)).rejects.toMatchObject(WRONG_PASSWORD);

    const again = await app.signUp({ email: member.email, handle: member.handle });
    expect((await app.logIn(again)).memberId).toBe(again.id);
    expect(again.id).not.toBe(member.id);
  });

  it("ends every session", async () => {
    const member = await app.signUp();
    const sessions = [await app.logIn(member), await app.logIn(member)];
    await withdraw(sessions[0] as Session);
    for (const session of sessions) {
      expect(await app.verdictOn(session)).toBe("TOKEN_BLACKLISTED relogin");
      await expect(app.refresh(session)).rejects.toMatchObject(RELOGIN);
    }
  });

  it("with a wrong password is refused without a word about tokens, and changes nothing", async () => {
    const member = await app.signUp();
    const session = await app.logIn(member);
    const error = await withdraw(session, "Wrong#pass1").catch((reason) => reason);
    expect(error).toMatchObject(WRONG_PASSWORD);
    expect(error.data).toBeUndefined();
    expect(await app.verdictOn(session)).toBe("primary");
    expect((await app.logIn(member)).memberId).toBe(member.id);
  });

  it("twice at once happens once", async () => {
    const session = await app.join();
    const calls = [withdraw(session), withdraw(session)];
    expect(await outcomesOf(calls)).toEqual({ done: 1, MEMBER_PASSWORD_INVALID: 1 });
  });

  it("against a log-in at the same moment leaves no living session", async () => {
    const member = await app.signUp();
    const session = await app.logIn(member);
    const [withdrawal, login] = await Promise.allSettled([withdraw(session), app.logIn(member)]);
    expect(withdrawal.status).toBe("fulfilled");
    if (login.status === "rejected") return;
    expect(await app.verdictOn(login.value)).toBe("TOKEN_BLACKLISTED relogin");
  });
});

describe("the follow relations of a withdrawn member", () => {
  it("are gone at once, with exact counters on the other side", async () => {
    const session = await app.join();
    const { memberId } = session;
    const [fan = 0, idol = 0, both = 0] = await insertMembers(3);
    for (const [from, to] of [
      [fan, memberId],
      [both, memberId],
      [memberId, idol],
      [memberId, both],
      [fan, both],
    ] as const)
      await follow(from, to);
    await withdraw(session);
    expect(await countersOf(memberId)).toEqual({ followers: 0, followings: 0 });
    expect(await countersOf(fan)).toEqual({ followers: 0, followings: 1 });
    expect(await countersOf(idol)).toEqual({ followers: 0, followings: 0 });
    expect(await countersOf(both)).toEqual({ followers: 1, followings: 0 });
  });

  it("stay exact while others follow and unfollow at the same moment", async () => {
    const session = await app.join();
    const { memberId } = session;
    const others = await insertMembers(30);
    const unfollow = (from: number) => app.services.call("member.unfollow", { memberId }, from);
    for (const id of others.slice(0, 15)) await follow(id, memberId);
    const calls: Promise<unknown>[] = others.map((id, index) =>
      index < 15 ? unfollow(id) : follow(id, memberId),
    );
    calls.splice(15, 0, withdraw(session));
    const { done = 0, MEMBER_NOT_FOUND = 0, ...unexpected } = await outcomesOf(calls);
    expect(unexpected).toEqual({});
    expect(done + MEMBER_NOT_FOUND).toBe(31);
    await app.services.call("auth.continueWithdrawals", {});
    expect(await countersOf(memberId)).toEqual({ followers: 0, followings: 0 });
    for (const id of others) expect(await countersOf(id)).toEqual({ followers: 0, followings: 0 });
  });

  it("don't stand in the way when ten who all follow each other withdraw at once", async () => {
    const sessions: Session[] = [];
    for (let index = 0; index < 10; index++) sessions.push(await app.join());
    for (const { memberId: from } of sessions)
      for (const { memberId: to } of sessions) if (from !== to) await follow(from, to);
    expect(await outcomesOf(sessions.map((session) => withdraw(session)))).toEqual({ done: 10 });
    for (const { memberId } of sessions)
      expect(await countersOf(memberId)).toEqual({ followers: 0, followings: 0 });
  });

  it("beyond ten thousand are removed by the job", async () => {
    const session = await app.join();
    const { memberId } = session;
    const [idol = 0] = await insertMembers(1);
    await follow(memberId, idol);
    const firstFollower = 10_000_000;
    await insertFollowers(memberId, firstFollower, 10_050);
    const left = () =>
      app.rows<{ n: number }>(sql`SELECT COUNT(*) AS n FROM follows WHERE following_id = ${memberId}`);

    await withdraw(session);
    expect(await left()).toEqual([{ n: 51 }]);
    expect(await countersOf(memberId)).toEqual({ followers: 51, followings: 0 });
    expect(await countersOf(idol)).toEqual({ followers: 0, followings: 0 });

    expect(await app.services.call("auth.continueWithdrawals", {})).toEqual({ removed: 51 });
    expect(await left()).toEqual([{ n: 0 }]);
    expect(await countersOf(memberId)).toEqual({ followers: 0, followings: 0 });
    expect(
      await app.rows(
        sql`SELECT COUNT(*) AS n, SUM(followings_count) AS total FROM profiles WHERE member_id >= ${firstFollower}`,
      ),
    ).toEqual([{ n: 10_050, total: expect.toSatisfy((total) => Number(total) === 0) }]);
    expect(await app.services.call("auth.continueWithdrawals", {})).toEqual({ removed: 0 });
  });
});

/** Many members with a profile only, who follow one; by ids from `first` on. */
async function insertFollowers(memberId: number, first: number, count: number): Promise<void> {
  const schema = app.database.sequelize.getQueryInterface();
  const now = Date.now();
  for (let start = first; start < first + count; start += 1_000) {
    const ids = Array.from({ length: Math.min(1_000, first + count - start) }, (_, index) => start + index);
    await schema.bulkInsert(
      "profiles",
      ids.map((id) => ({
        member_id: id,
        handle: `fan_${id}`,
        handle_key: `fan_${id}`,
        language_code: "en",
        verification_status: "UNVERIFIED",
        privacy_level: "PUBLIC",
        followers_count: 0,
        followings_count: 1,
        created_at: now,
        updated_at: now,
      })),
    );
    await schema.bulkInsert(
      "follows",
      ids.map((id) => ({ follower_id: id, following_id: memberId, created_at: now })),
    );
  }
  await app.database.execute(
    sql`UPDATE profiles SET followers_count = followers_count + ${count} WHERE member_id = ${memberId}`,
  );
}

import { createHash } from "node:crypto";
import { verify } from "@node-rs/argon2";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { BLACKLIST_KEY_PREFIX } from "../../contracts/tokens.ts";
import { sql } from "../../lib/sql/sql.ts";
import { outcomesOf } from "../support/outcomes.ts";
import {
  AuthApp,
  claimsOf,
  kidOf,
  PASSWORD,
  REFRESH_NEEDED,
  RELOGIN,
  type Session,
  WRONG_PASSWORD,
} from "./auth-app.ts";

// The real one, watched.
vi.mock("@node-rs/argon2", { spy: true });

let app: AuthApp;
beforeAll(async () => {
  app = await AuthApp.start();
});
afterAll(() => app.stop());

const BLACKLISTED = "TOKEN_BLACKLISTED relogin";

async function expectEnded(...sessions: readonly Session[]): Promise<void> {
  for (const session of sessions) {
    expect(await app.verdictOn(session)).toBe(BLACKLISTED);
    await expect(app.refresh(session)).rejects.toMatchObject(RELOGIN);
  }
}

async function expectAlive(session: Session): Promise<Session> {
  expect(await app.verdictOn(session)).toBe("primary");
  return app.refresh(session);
}

describe("a log-in", () => {
  it("answers the member's own summary and a pair of tokens", async () => {
    const member = await app.signUp();
    const before = Math.floor(Date.now() / 1_000);
    const { data, tokens } = await app.services.call<{ data: object; tokens: Session["tokens"] }>(
      "auth.logIn",
      {
        email: member.email.toUpperCase(),
        password: PASSWORD,
      },
    );
    expect(data).toMatchObject({
      memberId: member.id,
      handle: member.handle,
      email: member.email,
      memberName: "이름",
      following: false,
    });
    expect(tokens).toMatchObject({ expiresIn: 3_600, refreshExpiresIn: 30 * 86_400 });
    const claims = claimsOf(tokens.accessToken);
    expect(claims).toEqual({
      jti: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      sub: String(member.id),
      id: member.id,
      gen: 0,
      iat: expect.any(Number),
      exp: claims.iat + 3_600,
    });
    expect(claims.iat).toBeGreaterThanOrEqual(before);
    const [primary] = await app.rows<{ kid: string }>(sql`SELECT kid FROM jwt_keys WHERE primary_slot = 1`);
    expect(kidOf(tokens.accessToken)).toBe(primary?.kid);
  });

  it("keeps only the SHA-256 of the refresh token, which has 256 bits", async () => {
    const { tokens } = await app.join();
    expect(tokens.refreshToken).toMatch(/^[\w-]{43}$/);
    const hash = createHash("sha256").update(tokens.refreshToken).digest("hex");
    const rows = await app.rows(sql`SELECT access_jti FROM refresh_tokens WHERE token_hash = ${hash}`);
    expect(rows).toEqual([{ access_jti: claimsOf(tokens.accessToken).jti }]);
  });

  it("is refused in the same way for a wrong password and for nobody's e-mail", async () => {
    const member = await app.signUp();
    const errors = await Promise.all(
      [member.email, "nobody@example.com"].map((email) =>
        app.logIn({ email }, "Wrong#pass1").catch((e) => e),
      ),
    );
    expect(errors).toEqual([
      expect.objectContaining(WRONG_PASSWORD),
      expect.objectContaining(WRONG_PASSWORD),
    ]);
    expect(errors[0].data).toBeUndefined();
    expect(errors[0].message).toBe(errors[1].message);
  });

  it("does the same work for nobody's e-mail as for a wrong password", async () => {
    const { email } = await app.signUp();
    const costsOf = async (address: string) => {
      vi.mocked(verify).mockClear();
      await app.logIn({ email: address }, "Wrong#pass1").catch(() => undefined);
      return vi
        .mocked(verify)
        .mock.calls.map(([hash]) => /^\$argon2id\$v=\d+\$([^$]+)/.exec(String(hash))?.[1]);
    };
    const costs = await costsOf(email);
    expect(costs).toEqual([expect.stringMatching(/^m=\d+,t=\d+,p=\d+$/)]);
    expect(await costsOf("nobody@example.com")).toEqual(costs);
  });
});

describe("a refresh", () => {
  it("answers a new pair of the same session; the old refresh token is used up", async () => {
    const first = await app.join();
    const second = await app.refresh(first);
    expect(second.tokens.refreshToken).not.toBe(first.tokens.refreshToken);
    expect(claimsOf(second.tokens.accessToken).jti).not.toBe(claimsOf(first.tokens.accessToken).jti);
    expect(await app.verdictOn(first)).toBe("primary");
    await expectAlive(second);
    const sessions = await app.rows(
      sql`SELECT DISTINCT session_id FROM refresh_tokens WHERE member_id = ${first.memberId}`,
    );
    expect(sessions).toHaveLength(1);
  });

  it("answers true or the access token, by its path", async () => {
    const { tokens } = await app.join();
    const short = await app.services.call<{ data: unknown; tokens: Session["tokens"] }>("auth.refreshToken", {
      refreshToken: tokens.refreshToken,
    });
    expect(short.data).toBe(true);
    const long = await app.services.call<{ data: unknown; tokens: Session["tokens"] }>(
      "auth.refreshSession",
      {
        refreshToken: short.tokens.refreshToken,
      },
    );
    expect(long.data).toEqual({ accessToken: long.tokens.accessToken, expiresIn: 3_600 });
  });

  it.each([
    ["missing", {}],
    ["empty", { refreshToken: "" }],
    ["unknown", { refreshToken: "x".repeat(43) }],
    ["much too long", { refreshToken: "x".repeat(5_000) }],
  ])("with a token that is %s asks for a new log-in", async (_what, params) => {
    await expect(app.services.call("auth.refreshToken", params)).rejects.toMatchObject(RELOGIN);
  });

  it("with an expired token asks for a new log-in", async () => {
    const session = await app.join();
    await app.database.execute(
      sql`UPDATE refresh_tokens SET expires_at = ${Date.now() - 1} WHERE member_id = ${session.memberId}`,
    );
    await expect(app.refresh(session)).rejects.toMatchObject(RELOGIN);
  });

  it("of a member who is no longer active asks for a new log-in", async () => {
    const session = await app.join();
    await app.database.execute(sql`UPDATE members SET is_active = 0 WHERE id = ${session.memberId}`);
    await expect(app.refresh(session)).rejects.toMatchObject(RELOGIN);
  });

  it("of one token by ten at once makes one pair; the others are told to refresh, and nothing is revoked", async () => {
    const session = await app.join();
    const calls = Array.from({ length: 10 }, () => app.refresh(session));
    const results = await Promise.allSettled(calls);
    const renewed = results.filter((result) => result.status === "fulfilled").map(({ value }) => value);
    const refused = results.filter((result) => result.status === "rejected").map(({ reason }) => reason);
    expect(renewed).toHaveLength(1);
    expect(refused).toEqual(new Array(9).fill(expect.objectContaining(REFRESH_NEEDED)));
    await expectAlive(renewed[0] as Session);
  });

  it("in sequence by a hundred tabs never loses the session", async () => {
    let session = await app.join();
    for (let round = 0; round < 5; round++) {
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => app.refresh(session)));
      session = results.flatMap((result) =>
        result.status === "fulfilled" ? [result.value] : [],
      )[0] as Session;
    }
    await expectAlive(session);
  });
});

describe("a refresh token used again", () => {
  it("within ten seconds harms nobody", async () => {
    const stolen = await app.join();
    // A clock that only the test moves.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    try {
      const current = await app.refresh(stolen);
      vi.advanceTimersByTime(10_000);
      await expect(app.refresh(stolen)).rejects.toMatchObject(REFRESH_NEEDED);
      await expectAlive(current);
    } finally {
      vi.useRealTimers();
    }
  });

  it("later ends every token of that log-in, and of no other", async () => {
    const member = await app.signUp();
    const other = await app.logIn(member);
    const first = await app.logIn(member);
    const second = await app.refresh(first);
    const third = await app.refresh(second);
    await app.letTimePass(11_000);
    await expect(app.refresh(first)).rejects.toMatchObject(RELOGIN);
    await expectEnded(first, second, third);
    await expectAlive(other);
  });

  it("ends the session also when two old ones are used at once", async () => {
    const first = await app.join();
    const second = await app.refresh(first);
    const third = await app.refresh(second);
    await app.letTimePass(11_000);
    const calls = [first, second, first, second].map((session) => app.refresh(session));
    expect(await outcomesOf(calls)).toEqual({ INVALID_TOKEN: 4 });
    await expectEnded(third);
  });

  it("within ten seconds, but after a log-out, has nothing left to refresh", async () => {
    const first = await app.join();
    const second = await app.refresh(first);
    await app.as(second, "auth.logOut");
    await expect(app.refresh(first)).rejects.toMatchObject(RELOGIN);
  });
});

describe("a log-out", () => {
  it("ends the session with all its access tokens, and no other session", async () => {
    const member = await app.signUp();
    const other = await app.logIn(member);
    const first = await app.logIn(member);
    const second = await app.refresh(first);
    expect(await app.as(second, "auth.logOut")).toBe(true);
    await expectEnded(first, second);
    await expectAlive(other);
  });

  it("works twice", async () => {
    const session = await app.join();
    expect(await outcomesOf([1, 2, 3].map(() => app.as(session, "auth.logOut")))).toEqual({ done: 3 });
    expect(await app.as(session, "auth.logOut")).toBe(true);
    await expectEnded(session);
  });

  it("during a refresh leaves nothing alive", async () => {
    for (let round = 0; round < 5; round++) {
      const session = await app.join();
      const [refreshed] = await Promise.allSettled([app.refresh(session), app.as(session, "auth.logOut")]);
      await expectEnded(session);
      if (refreshed.status === "fulfilled") await expectEnded(refreshed.value);
    }
  });

  it("is written to the key-value store for the rest of the token's life, and doesn't need it", async () => {
    const auth = app.services.broker.getLocalService("auth");
    const { keyValue } = auth as unknown as { keyValue: AuthApp["keyValue"] };
    const session = await app.join();
    const { jti } = claimsOf(session.tokens.accessToken);
    await app.as(session, "auth.logOut");
    expect(await keyValue.get(BLACKLIST_KEY_PREFIX + jti)).toBe("1");

    const set = keyValue.set;
    keyValue.set = () => Promise.reject(new Error("away"));
    const another = await app.join();
    await app.as(another, "auth.logOut").finally(() => {
      keyValue.set = set;
    });
    await expectEnded(another);
  });
});

describe("a log-out everywhere", () => {
  it("ends all sessions; a log-in in the same second works", async () => {
    const member = await app.signUp();
    const sessions = [await app.logIn(member), await app.logIn(member)];
    expect(await app.as(sessions[0] as Session, "auth.logOutAll")).toBe(true);
    const next = await app.logIn(member);
    await expectEnded(...sessions);
    await expectAlive(next);
    expect(claimsOf(next.tokens.accessToken).gen).toBe(1);
  });

  it("during log-ins and refreshes leaves no session of before alive", async () => {
    const member = await app.signUp();
    const session = await app.logIn(member);
    const [, login, refresh] = await Promise.allSettled([
      app.as(session, "auth.logOutAll"),
      app.logIn(member),
      app.refresh(session),
    ]);
    await expectEnded(session);
    if (refresh.status === "fulfilled") await expectEnded(refresh.value);
    expect(login.status).toBe("fulfilled");
  });
});

describe("a password change", () => {
  const NEW_PASSWORD = "Other#day2";
  const change = (session: Session, currentPassword = PASSWORD) =>
    app.as<{ data: unknown; tokens: Session["tokens"] }>(session, "auth.changePassword", {
      currentPassword,
      newPassword: NEW_PASSWORD,
    });

  it("ends every other session; the caller's goes on with a new pair", async () => {
    const member = await app.signUp();
    const other = await app.logIn(member);
    const own = await app.logIn(member);
    const { data, tokens } = await change(own);
    expect(data).toBe(true);
    await expectEnded(other);
    expect(await app.verdictOn(own)).toBe(BLACKLISTED);
    await expectAlive({ ...own, tokens });
    await expect(app.logIn(member)).rejects.toMatchObject(WRONG_PASSWORD);
    await expectAlive(await app.logIn(member, NEW_PASSWORD));
  });

  it("counts as an exchange of the caller's token: a refresh that comes too late harms nobody", async () => {
    const own = await app.join();
    const { tokens } = await change(own);
    await expect(app.refresh(own)).rejects.toMatchObject(REFRESH_NEEDED);
    await expectAlive({ ...own, tokens });
  });

  it("with a wrong password is refused without a word about tokens, and changes nothing", async () => {
    const session = await app.join();
    const error = await change(session, "Wrong#pass1").catch((reason) => reason);
    expect(error).toMatchObject(WRONG_PASSWORD);
    expect(error.data).toBeUndefined();
    await expectAlive(session);
  });

  it("twice at once happens once", async () => {
    const session = await app.join();
    expect(await outcomesOf([change(session), change(session)])).toEqual({
      done: 1,
      MEMBER_PASSWORD_INVALID: 1,
    });
  });

  it("during a log-in with the old password lets no session of it live", async () => {
    const member = await app.signUp();
    const session = await app.logIn(member);
    const [, login] = await Promise.allSettled([change(session), app.logIn(member)]);
    if (login.status === "fulfilled") await expectEnded(login.value);
    else expect(login.reason).toMatchObject(WRONG_PASSWORD);
  });
});

it("what a commit has revoked is told to all nodes", async () => {
  const told: unknown[] = [];
  app.services.broker.createService({
    name: "listener",
    events: { "auth.tokensRevoked": (ctx: { params: unknown }) => void told.push(ctx.params) },
  } as never);
  await app.services.broker.waitForServices("listener", 5_000, 10);
  const member = await app.signUp();
  const session = await app.logIn(member);
  const { jti, exp } = claimsOf(session.tokens.accessToken);
  await app.as(session, "auth.logOut");
  await app.as(session, "auth.logOutAll");
  expect(told).toEqual([
    { accessTokens: [{ jti, expiresAt: exp * 1_000 }] },
    { accessTokens: [], generation: { memberId: member.id, generation: 1 } },
  ]);
});

import { createHmac, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, startProcess } from "../support/app.ts";
import { type Answer, Client, PASSWORD, type Session, tokensOf } from "../support/client.ts";
import { openDatabase, type TestDatabase } from "../support/database.ts";
import { emptyStore, type Store } from "../support/service.ts";

/** Every row of the token table, through HTTP. */

/** Keys are replaced when a test says so, not on the minute. */
const BY_HAND = { JOBS: "off" };
/** Ends only what hangs: the view of a process is a second old at most. */
const POLL = { timeout: 30_000, interval: 50 };

let store: Store;
let app: App;
let client: Client;
let database: TestDatabase;

beforeAll(async () => {
  store = await emptyStore();
  app = await startProcess(store, BY_HAND);
  client = new Client(app.url);
  database = openDatabase(store);
});
afterAll(async () => {
  await app.stop();
  await database.close();
  await store.remove();
});

const bearer = (token: string) => client.with({ authorization: `Bearer ${token}` });
const probe = (token: string) => bearer(token).get("/api/members");

function expectRefusal(answer: Answer, code: string, remedy: "relogin" | "refresh" | "none"): void {
  expect([answer.status, answer.body.code]).toEqual([401, code]);
  expect(answer.headers.get("x-relogin-required")).toBe(remedy === "relogin" ? "true" : null);
  expect(answer.headers.get("x-token-refresh-needed")).toBe(remedy === "refresh" ? "true" : null);
}

function claimsOf(token: string): {
  jti: string;
  sub: string;
  id: number;
  exp: number;
  iat: number;
  gen: number;
} {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

function headerOf(token: string): { alg: string; kid: string } {
  return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
}

/** A token signed by us with a key of the table: what only the product should be able to make. */
async function signed(claims: object, header: object = {}): Promise<string> {
  const [key] = await database.select<{ kid: string; secret: string }>(
    "SELECT kid, secret FROM jwt_keys WHERE primary_slot = 1",
  );
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encode({ alg: "HS256", typ: "JWT", kid: key?.kid, ...header })}.${encode(claims)}`;
  const secret = Buffer.from(
    key?.secret ?? "",
    /^[0-9a-f]{64}$/.test(key?.secret ?? "") ? "hex" : "base64url",
  );
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

/** Makes the primary a former key, as the hourly job does. */
async function rotateKeys(): Promise<void> {
  await database.run("UPDATE jwt_keys SET created_at = created_at - 7200000 WHERE primary_slot = 1");
  await runJob("rotate-keys");
}

async function runJob(name: string): Promise<void> {
  const { execFile } = await import("node:child_process");
  const { promisify } = await import("node:util");
  await promisify(execFile)(process.execPath, ["scripts/job.ts", name], {
    env: { PATH: process.env.PATH, ...store.env, METRICS_PORT: "0", LOG_LEVEL: "error" },
  });
}

describe("a log-in", () => {
  it("answers an access token in a header, the refresh token in a cookie, both as promised", async () => {
    const { handle, memberId } = await client.join();
    const answer = await client.post("/api/authentication/login", {
      email: `${handle}@EXAMPLE.com`,
      password: PASSWORD,
    });
    const { accessToken } = tokensOf(answer);
    const claims = claimsOf(accessToken);
    expect(headerOf(accessToken)).toMatchObject({ alg: "HS256", kid: expect.any(String) });
    expect(claims).toMatchObject({
      sub: String(memberId),
      id: memberId,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(claims.exp - claims.iat).toBe(3600);
    const cookie = answer.headers.getSetCookie()[0] ?? "";
    expect(cookie).toMatch(/^refresh_token=[\w-]{43};/);
    for (const part of ["Path=/", "HttpOnly", "SameSite=Strict", "Max-Age=2592000", "Secure"])
      expect(cookie).toContain(part);
    expect(cookie).not.toContain("Domain");
    expect(answer.body.data).toMatchObject({
      memberId,
      handle,
      email: `${handle}@example.com`,
      following: false,
    });
  });

  it("with a wrong password or an unknown e-mail gets the same answer, without token headers", async () => {
    const { handle } = await client.join();
    const wrong = await client.post("/api/authentication/login", {
      email: `${handle}@example.com`,
      password: "Wrong#pass1",
    });
    const unknown = await client.post("/api/authentication/login", {
      email: "nobody@example.com",
      password: "Wrong#pass1",
    });
    expectRefusal(wrong, "MEMBER_PASSWORD_INVALID", "none");
    expectRefusal(unknown, "MEMBER_PASSWORD_INVALID", "none");
    expect({ ...wrong.body, requestId: "" }).toEqual({ ...unknown.body, requestId: "" });
  });
});

describe("a token that is missing or not ours", () => {
  let session: Session;
  beforeAll(async () => {
    session = await client.join();
  });

  it("missing, not Bearer, malformed: relogin", async () => {
    expectRefusal(await client.get("/api/members"), "BEARER_TOKEN_MISSING", "relogin");
    const basic = client.with({ authorization: `Basic ${session.accessToken}` });
    expectRefusal(await basic.get("/api/members"), "BEARER_TOKEN_MISSING", "relogin");
    for (const token of ["x", "a.b.c", `${session.accessToken}.x`, "", "null"]) {
      const answer = await bearer(token).get("/api/members");
      expect([token, answer.status, answer.headers.get("x-relogin-required")]).toEqual([token, 401, "true"]);
    }
  });

  it("with a bad signature, another member's claims or the wrong algorithm: relogin", async () => {
    const [header, payload, signature] = session.accessToken.split(".");
    const claims = { ...claimsOf(session.accessToken), id: 1, sub: "1" };
    const forged = Buffer.from(JSON.stringify(claims)).toString("base64url");
    expectRefusal(await probe(`${header}.${forged}.${signature}`), "INVALID_TOKEN", "relogin");
    expectRefusal(await probe(`${header}.${payload}.${"A".repeat(43)}`), "INVALID_TOKEN", "relogin");
    const none = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url");
    expectRefusal(await probe(`${none}.${payload}.`), "INVALID_TOKEN", "relogin");
    expectRefusal(
      await probe(await signed(claimsOf(session.accessToken), { alg: "HS512" })),
      "INVALID_TOKEN",
      "relogin",
    );
  });

  it("lets anonymous requests to public endpoints through all the same", async () => {
    const answer = await bearer("garbage").post("/api/authentication/login", {
      email: `${session.handle}@example.com`,
      password: PASSWORD,
    });
    expect(answer.status).toBe(200);
  });
});

describe("an expired token", () => {
  const past = (session: Session) => {
    const now = Math.floor(Date.now() / 1000);
    return signed({ ...claimsOf(session.accessToken), iat: now - 7200, exp: now - 3600 });
  };

  it("asks for a refresh", async () => {
    const session = await client.join();
    expectRefusal(await probe(await past(session)), "JWT_EXPIRED", "refresh");
    const withLiving = bearer(await past(session)).with({ cookie: `refresh_token=${session.refreshToken}` });
    expectRefusal(await withLiving.get("/api/members"), "JWT_EXPIRED", "refresh");
  });

  it("asks for a new log-in when the refresh cookie that came along is dead", async () => {
    const session = await client.join();
    for (const dead of ["unknown", session.refreshToken]) {
      if (dead === session.refreshToken) await client.as(session).post("/api/authentication/logout");
      const answer = await bearer(await past(session))
        .with({ cookie: `refresh_token=${dead}` })
        .get("/api/members");
      expectRefusal(answer, "JWT_EXPIRED", "relogin");
    }
  });

  it("of an unknown key, or one past its grace, asks for a refresh", async () => {
    const session = await client.join();
    const unknown = await signed(claimsOf(session.accessToken), { kid: randomUUID() });
    expectRefusal(await probe(unknown), "JWT_KEY_EXPIRED", "refresh");
    await rotateKeys();
    await database.run(`UPDATE jwt_keys SET expires_at = ${Date.now() - 1} WHERE primary_slot IS NULL`);
    await expect.poll(async () => (await probe(session.accessToken)).body.code, POLL).toBe("JWT_KEY_EXPIRED");
    expectRefusal(await probe(session.accessToken), "JWT_KEY_EXPIRED", "refresh");
  });
});

describe("key rotation", () => {
  it("lets tokens of the former key work, and asks for a refresh once on every such answer", async () => {
    const session = await client.join();
    const before = await probe(session.accessToken);
    expect(before.headers.get("x-token-refresh-needed")).toBeNull();
    await rotateKeys();
    await expect
      .poll(async () => (await probe(session.accessToken)).headers.get("x-token-refresh-needed"), POLL)
      .toBe("true");
    expect((await probe(session.accessToken)).status).toBe(200);
    const fresh = tokensOf(await client.refresh(session.refreshToken));
    expect(headerOf(fresh.accessToken).kid).not.toBe(headerOf(session.accessToken).kid);
    expect((await probe(fresh.accessToken)).headers.get("x-token-refresh-needed")).toBeNull();
  });

  it("disturbs no request in flight", async () => {
    const session = await client.join();
    let rotated = false;
    const rotation = rotateKeys().then(() => {
      rotated = true;
    });
    const statuses = new Set<number>();
    while (!rotated) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => probe(session.accessToken)));
      for (const { status } of answers) statuses.add(status);
    }
    await rotation;
    expect([...statuses]).toEqual([200]);
  });

  it("makes one primary when two processes rotate at once", async () => {
    const [before] = await database.select<{ n: number }>("SELECT COUNT(*) AS n FROM jwt_keys");
    await database.run("UPDATE jwt_keys SET created_at = created_at - 7200000 WHERE primary_slot = 1");
    await Promise.all([runJob("rotate-keys"), runJob("rotate-keys")]);
    const keys = await database.select<{ primary_slot: number | null; is_active: number }>(
      "SELECT primary_slot, is_active FROM jwt_keys",
    );
    expect(keys.filter((key) => key.primary_slot === 1)).toEqual([{ primary_slot: 1, is_active: 1 }]);
    expect(keys.length).toBe(Number(before?.n) + 1);
  });
});

describe("refresh", () => {
  it("answers a new pair, and uses the old refresh token up", async () => {
    const session = await client.join();
    const answer = await client.refresh(session.refreshToken);
    expect(answer.body.data).toEqual({ accessToken: tokensOf(answer).accessToken, expiresIn: 3600 });
    expect((await probe(tokensOf(answer).accessToken)).status).toBe(200);
    const short = await client
      .with({ cookie: `refresh_token=${tokensOf(answer).refreshToken}` })
      .post("/api/token/refresh");
    expect(short.body).toEqual({ status: 200, result: "SUCCESS", data: true });
    expect((await probe(tokensOf(short).accessToken)).status).toBe(200);
  });

  it("without, or with an unknown or expired token is refused, and the cookie cleared", async () => {
    const session = await client.join();
    await database.run(`UPDATE refresh_tokens SET expires_at = 1 WHERE member_id = ${session.memberId}`);
    for (const answer of [
      await client.post("/api/token/refresh"),
      await client.refresh("unknown"),
      await client.refresh(session.refreshToken),
    ]) {
      expectRefusal(answer, "INVALID_TOKEN", "relogin");
      expect(answer.headers.getSetCookie()[0]).toMatch(/^refresh_token=;.*Max-Age=0/);
    }
  });

  it("of one token twice at once: one pair; the other asks to refresh, and nothing is revoked", async () => {
    const session = await client.join();
    const answers = await Promise.all([
      client.refresh(session.refreshToken),
      client.refresh(session.refreshToken),
    ]);
    const [good, late] = answers.sort((a, b) => a.status - b.status) as [Answer, Answer];
    expect(good.status).toBe(200);
    expectRefusal(late, "INVALID_TOKEN", "refresh");
    expect(late.headers.getSetCookie()).toEqual([]);
    expect((await client.refresh(tokensOf(good).refreshToken)).status).toBe(200);
  });

  it("of a used token later ends every session of that log-in, and no other", async () => {
    const session = await client.join();
    const other = await client.login(session.handle);
    const fresh = tokensOf(await client.refresh(session.refreshToken));
    await database.run(
      `UPDATE refresh_tokens SET revoked_at = revoked_at - 11000 WHERE revoked_at IS NOT NULL`,
    );
    expectRefusal(await client.refresh(session.refreshToken), "INVALID_TOKEN", "relogin");
    expectRefusal(await client.refresh(fresh.refreshToken), "INVALID_TOKEN", "relogin");
    await expect.poll(async () => (await probe(fresh.accessToken)).body.code, POLL).toBe("TOKEN_BLACKLISTED");
    expect((await probe(other.accessToken)).status).toBe(200);
    expect((await client.refresh(other.refreshToken)).status).toBe(200);
  });
});

describe("the end of a session", () => {
  it("by logout: the token is dead at once, its refresh token too, others live", async () => {
    const session = await client.join();
    const other = await client.login(session.handle);
    const answer = await client.as(session).post("/api/authentication/logout");
    expect(answer.body.data).toBe(true);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^refresh_token=;.*Max-Age=0/);
    expectRefusal(await probe(session.accessToken), "TOKEN_BLACKLISTED", "relogin");
    expectRefusal(await client.refresh(session.refreshToken), "INVALID_TOKEN", "relogin");
    expect((await probe(other.accessToken)).status).toBe(200);
  });

  it("by logout-all: all older tokens are dead, the next log-in works in the same second", async () => {
    const session = await client.join();
    const other = await client.login(session.handle);
    expect((await client.as(session).post("/api/authentication/logout-all")).body.data).toBe(true);
    const next = await client.login(session.handle);
    expect((await probe(next.accessToken)).status).toBe(200);
    for (const old of [session, other]) {
      expect((await probe(old.accessToken)).status).toBe(401);
      expect((await probe(old.accessToken)).headers.get("x-relogin-required")).toBe("true");
      expectRefusal(await client.refresh(old.refreshToken), "INVALID_TOKEN", "relogin");
    }
  });

  it("by a password change: other sessions end, the caller's goes on with a new pair", async () => {
    const session = await client.join();
    const other = await client.login(session.handle);
    const change = { currentPassword: PASSWORD, newPassword: "Other#day2" };
    const refused = await client
      .as(session)
      .put("/api/authentication/password", { ...change, currentPassword: "Wrong#pass1" });
    expectRefusal(refused, "MEMBER_PASSWORD_INVALID", "none");
    const answer = await client.as(session).put("/api/authentication/password", change);
    expect(answer.body.data).toBe(true);
    expect((await probe(tokensOf(answer).accessToken)).status).toBe(200);
    expect((await client.refresh(tokensOf(answer).refreshToken)).status).toBe(200);
    expect((await probe(other.accessToken)).status).toBe(401);
    expectRefusal(await client.refresh(other.refreshToken), "INVALID_TOKEN", "relogin");
    expect((await client.login(session.handle, "Other#day2")).memberId).toBe(session.memberId);
  });

  it("by withdrawal: the member is gone, e-mail and handle are free again", async () => {
    const session = await client.join();
    const refused = await client
      .as(session)
      .delete("/api/authentication/deactivate", { password: "Wrong#pass1" });
    expectRefusal(refused, "MEMBER_PASSWORD_INVALID", "none");
    const answer = await client.as(session).delete("/api/authentication/deactivate", { password: PASSWORD });
    expect(answer.body).toEqual({ status: 204, result: "SUCCESS", data: true });
    expect((await probe(session.accessToken)).status).toBe(401);
    expect((await probe(session.accessToken)).headers.get("x-relogin-required")).toBe("true");
    const again = await client.post("/api/authentication/signup", {
      email: `${session.handle}@example.com`,
      password: PASSWORD,
      memberName: "다시",
      handle: session.handle,
    });
    expect(again.status).toBe(200);
  });

  it("holds after a restart", async () => {
    const session = await client.join();
    const everywhere = await client.join();
    await client.as(session).post("/api/authentication/logout");
    await client.as(everywhere).post("/api/authentication/logout-all");
    await app.kill();
    app = await startProcess(store, BY_HAND);
    client = new Client(app.url);
    expectRefusal(await probe(session.accessToken), "TOKEN_BLACKLISTED", "relogin");
    expect((await probe(everywhere.accessToken)).status).toBe(401);
  });

  it("holds in a second process, too, soon", async () => {
    const second = await startProcess(store, BY_HAND);
    const session = await client.join();
    const there = new Client(second.url).as(session);
    expect((await there.get("/api/members")).status).toBe(200);
    await client.as(session).post("/api/authentication/logout");
    await expect.poll(async () => (await there.get("/api/members")).status, POLL).toBe(401);
    await second.stop();
  });
});

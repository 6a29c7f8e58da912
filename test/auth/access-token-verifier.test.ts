import { createHmac, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BLACKLIST_KEY_PREFIX } from "../../contracts/tokens.ts";
import { sql } from "../../lib/sql/sql.ts";
import { AccessTokenVerifier } from "../../services/api/authentication/access-token-verifier.ts";
import { SecurityView } from "../../services/api/authentication/security-view.ts";
import { statementsOf } from "../support/statements.ts";
import { AuthApp, claimsOf, type Session, shortVerdict } from "./auth-app.ts";

let app: AuthApp;
let session: Session;
beforeAll(async () => {
  app = await AuthApp.start();
  session = await app.join();
});
afterAll(() => app.stop());

const SECOND = 1_000;
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A clock that only the test moves. */
class Clock {
  time = Date.now();
  readonly now = () => this.time;
}

async function primaryKey(): Promise<{ kid: string; secret: Buffer }> {
  const [row] = await app.rows<{ kid: string; secret: string }>(
    sql`SELECT kid, secret FROM jwt_keys WHERE primary_slot = 1`,
  );
  return { kid: row?.kid ?? "", secret: Buffer.from(row?.secret ?? "", "hex") };
}

/** A token with a good signature and these contents. */
async function forge(claims: object, header: object = {}): Promise<string> {
  const { kid, secret } = await primaryKey();
  const text = `${encode({ alg: "HS256", typ: "JWT", kid, ...header })}.${encode(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

describe("a good token", () => {
  it("tells whose it is", async () => {
    const { jti, exp } = claimsOf(session.tokens.accessToken);
    const verdict = await app.verifier().verify(`Bearer ${session.tokens.accessToken}`);
    expect(verdict).toEqual({
      ok: true,
      token: { memberId: session.memberId, jti, expiresAt: exp, signedBy: "primary" },
    });
  });

  it("costs no statement while the view is at most a second old, three afterwards", async () => {
    const clock = new Clock();
    const verifier = app.verifier(clock.now);
    const verify = () => shortVerdict(verifier, session.tokens.accessToken);
    expect(await statementsOf(app.database, verify)).toHaveLength(3);
    clock.time += SECOND;
    expect(await statementsOf(app.database, verify)).toEqual([]);
    expect(await statementsOf(app.database, async () => app.join())).not.toEqual([]);
    clock.time += 1;
    expect(await statementsOf(app.database, () => Promise.all([verify(), verify(), verify()]))).toHaveLength(
      3,
    );
    clock.time -= 5 * SECOND;
    expect(await statementsOf(app.database, verify)).toHaveLength(3);
  });

  it("is good until its last second, also when it is cached", async () => {
    const clock = new Clock();
    const verifier = app.verifier(clock.now);
    const { exp } = claimsOf(session.tokens.accessToken);
    clock.time = exp * SECOND - 1;
    expect(await shortVerdict(verifier, session.tokens.accessToken)).toBe("primary");
    clock.time += 1;
    expect(await shortVerdict(verifier, session.tokens.accessToken)).toBe("JWT_EXPIRED refresh");
  });
});

describe("refuses", () => {
  const INVALID = "INVALID_TOKEN relogin";

  it.each([
    ["no header", undefined, "BEARER_TOKEN_MISSING"],
    ["an empty one", "", "BEARER_TOKEN_MISSING"],
    ["another scheme", "Basic dXNlcjpwYXNz", "BEARER_TOKEN_MISSING"],
    ["Bearer without a token", "Bearer ", "BEARER_TOKEN_MISSING"],
    ["no JWT", "Bearer x", "INVALID_TOKEN"],
    ["two parts", "Bearer e30.e30", "INVALID_TOKEN"],
    ["a long text", `Bearer ${"x".repeat(100_000)}`, "INVALID_TOKEN"],
  ])("%s", async (_what, header, code) => {
    expect(await app.verifier().verify(header)).toEqual({ ok: false, refusal: { code, remedy: "relogin" } });
  });

  it("a changed payload, signature or an added part", async () => {
    const [header, payload, signature = ""] = session.tokens.accessToken.split(".");
    const claims = claimsOf(session.tokens.accessToken);
    const changed = [
      `${header}.${encode({ ...claims, id: claims.id + 1, sub: String(claims.id + 1) })}.${signature}`,
      `${header}.${payload}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`,
      `${header}.${payload}.`,
      `${session.tokens.accessToken}.x`,
    ];
    for (const token of changed) expect(await shortVerdict(app.verifier(), token)).toBe(INVALID);
  });

  it("any algorithm but HS256, whoever signed", async () => {
    const { kid, secret } = await primaryKey();
    const claims = encode(claimsOf(session.tokens.accessToken));
    const tokens = ["none", "None", "nOnE"].map((alg) => `${encode({ alg, typ: "JWT", kid })}.${claims}.`);
    const hs512 = `${encode({ alg: "HS512", typ: "JWT", kid })}.${claims}`;
    tokens.push(`${hs512}.${createHmac("sha512", secret).update(hs512).digest("base64url")}`);
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const rs256 = `${encode({ alg: "RS256", typ: "JWT", kid })}.${claims}`;
    tokens.push(`${rs256}.${sign("sha256", Buffer.from(rs256), privateKey).toString("base64url")}`);
    tokens.push(await forge(claimsOf(session.tokens.accessToken), { alg: "HS512" }));
    for (const token of tokens) expect(await shortVerdict(app.verifier(), token)).toBe(INVALID);
  });

  it.each([
    { jti: undefined },
    { jti: 1 },
    { id: undefined },
    { id: "1" },
    { id: 1.5 },
    { sub: "another" },
    { gen: undefined },
    { gen: "0" },
    { exp: undefined },
    { exp: "tomorrow" },
  ])("a good signature over wrong claims (%o)", async (fields) => {
    const token = await forge({ ...claimsOf(session.tokens.accessToken), ...fields });
    expect(await shortVerdict(app.verifier(), token)).toBe(INVALID);
  });

  it("a token without a key id", async () => {
    const token = await forge(claimsOf(session.tokens.accessToken), { kid: undefined });
    expect(await shortVerdict(app.verifier(), token)).toBe(INVALID);
  });

  it("a token of an unknown key: it may be refreshed", async () => {
    const token = await forge(claimsOf(session.tokens.accessToken), { kid: randomUUID() });
    expect(await shortVerdict(app.verifier(), token)).toBe("JWT_KEY_EXPIRED refresh");
  });
});

describe("the view", () => {
  it("sees a log-out elsewhere within a second, and at once when told", async () => {
    const clock = new Clock();
    const view = new SecurityView(app.database, clock.now);
    const verifier = new AccessTokenVerifier(view, app.keyValue, clock.now);
    const [silent, told] = [await app.join(), await app.join()];
    const verdicts = async () => [
      await shortVerdict(verifier, silent.tokens.accessToken),
      await shortVerdict(verifier, told.tokens.accessToken),
    ];
    expect(await verdicts()).toEqual(["primary", "primary"]);
    await app.as(silent, "auth.logOut");
    await app.as(told, "auth.logOut");
    const { jti, exp } = claimsOf(told.tokens.accessToken);
    view.learn({ accessTokens: [{ jti, expiresAt: exp * SECOND }] });
    expect(await verdicts()).toEqual(["primary", "TOKEN_BLACKLISTED relogin"]);
    clock.time += SECOND + 1;
    expect(await verdicts()).toEqual(["TOKEN_BLACKLISTED relogin", "TOKEN_BLACKLISTED relogin"]);
  });

  it("sees a raised generation within a second, and at once when told", async () => {
    const clock = new Clock();
    const view = new SecurityView(app.database, clock.now);
    const verifier = new AccessTokenVerifier(view, app.keyValue, clock.now);
    const [silent, told] = [await app.join(), await app.join()];
    const verdicts = async () => [
      await shortVerdict(verifier, silent.tokens.accessToken),
      await shortVerdict(verifier, told.tokens.accessToken),
    ];
    expect(await verdicts()).toEqual(["primary", "primary"]);
    await app.as(silent, "auth.logOutAll");
    await app.as(told, "auth.logOutAll");
    view.learn({ accessTokens: [], generation: { memberId: told.memberId, generation: 1 } });
    expect(await verdicts()).toEqual(["primary", "TOKEN_BLACKLISTED relogin"]);
    clock.time += SECOND + 1;
    expect(await verdicts()).toEqual(["TOKEN_BLACKLISTED relogin", "TOKEN_BLACKLISTED relogin"]);
  });

  it("keeps what it saw, however long ago, while a token of then could live", async () => {
    const clock = new Clock();
    const verifier = app.verifier(clock.now);
    const [loggedOut, everywhere] = [await app.join(), await app.join()];
    await app.as(loggedOut, "auth.logOut");
    await app.as(everywhere, "auth.logOutAll");
    for (let minute = 0; minute < 59; minute += 10) {
      for (const { tokens } of [loggedOut, everywhere])
        expect(await shortVerdict(verifier, tokens.accessToken)).toBe("TOKEN_BLACKLISTED relogin");
      clock.time += 10 * 60 * SECOND - SECOND;
    }
  });

  it("sees what was committed late: rows older than the last sync", async () => {
    const clock = new Clock();
    const verifier = app.verifier(clock.now);
    const late = await app.join();
    expect(await shortVerdict(verifier, late.tokens.accessToken)).toBe("primary");
    await app.as(late, "auth.logOut");
    await app.database.execute(
      sql`UPDATE jwt_blacklist SET created_at = created_at - ${50 * SECOND} WHERE member_id = ${late.memberId}`,
    );
    clock.time += SECOND + 1;
    expect(await shortVerdict(verifier, late.tokens.accessToken)).toBe("TOKEN_BLACKLISTED relogin");
  });

  it("takes tokens of a key made a moment ago", async () => {
    const verifier = app.verifier();
    expect(await shortVerdict(verifier, session.tokens.accessToken)).toBe("primary");
    await app.services.call("auth.rotateKeys", { force: true });
    const next = await app.join();
    expect(await shortVerdict(verifier, next.tokens.accessToken)).toBe("primary");
    expect(await shortVerdict(verifier, session.tokens.accessToken)).toBe("former");
    session = next;
  });

  it("isn't driven to a stream of statements by forged key ids", async () => {
    const verifier = app.verifier(new Clock().now);
    await shortVerdict(verifier, session.tokens.accessToken);
    const claims = claimsOf(session.tokens.accessToken);
    const forged = await Promise.all(Array.from({ length: 50 }, () => forge(claims, { kid: randomUUID() })));
    const statements = await statementsOf(app.database, () =>
      Promise.all(forged.map((token) => shortVerdict(verifier, token))),
    );
    expect(statements.length).toBeLessThanOrEqual(3);
  });

  it("reports an unavailable store as such, and recovers", async () => {
    const database = { select: () => Promise.reject(new Error("away")) };
    const view = new SecurityView(database as never);
    await expect(view.ensureFresh()).rejects.toThrow("away");
    Object.assign(database, { select: (query: never) => app.database.select(query) });
    await view.ensureFresh();
    const verifier = new AccessTokenVerifier(view, app.keyValue);
    expect(await shortVerdict(verifier, session.tokens.accessToken)).toBe("primary");
  });
});

describe("the key-value store", () => {
  it("may refuse a token that the tables don't know as ended", async () => {
    const listed = await app.join();
    const { jti } = claimsOf(listed.tokens.accessToken);
    await app.keyValue.set(BLACKLIST_KEY_PREFIX + jti, "1", 60 * SECOND);
    expect(await app.verdictOn(listed)).toBe("TOKEN_BLACKLISTED relogin");
  });

  it("never lets a logged-out token in: empty, or without an answer", async () => {
    const ended = await app.join();
    await app.as(ended, "auth.logOut");
    const away = { ...app.keyValue, get: () => Promise.reject(new Error("away")) };
    for (const keyValue of [app.keyValue, away]) {
      const verifier = new AccessTokenVerifier(new SecurityView(app.database), keyValue as never);
      expect(await shortVerdict(verifier, ended.tokens.accessToken)).toBe("TOKEN_BLACKLISTED relogin");
      expect(await shortVerdict(verifier, session.tokens.accessToken)).toBe("primary");
    }
  });

  it("is asked once a token, not once a request", async () => {
    let asked = 0;
    const counting = {
      get: async () => {
        asked++;
        return null;
      },
    };
    const verifier = new AccessTokenVerifier(new SecurityView(app.database), counting as never);
    for (let round = 0; round < 5; round++) await shortVerdict(verifier, session.tokens.accessToken);
    expect(asked).toBe(1);
  });
});

import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sql } from "../../lib/sql/sql.ts";
import { outcomesOf } from "../support/outcomes.ts";
import { AuthApp, kidOf, type Session, shortVerdict } from "./auth-app.ts";

let app: AuthApp;
beforeEach(async () => {
  app = await AuthApp.start();
});
afterEach(() => app.stop());

interface KeyRow {
  readonly kid: string;
  readonly secret: string;
  readonly primary_slot: number | null;
  readonly is_active: number;
  readonly expires_at: number | null;
}

const keys = () =>
  app.rows<KeyRow>(sql`SELECT kid, secret, primary_slot, is_active, expires_at FROM jwt_keys ORDER BY id`);
const primaries = async () => (await keys()).filter((key) => key.primary_slot === 1);
const rotate = (params: object = {}) => app.services.call("auth.rotateKeys", params);

function statementLike(pattern: RegExp): Promise<void> {
  return new Promise((resolve) => {
    const stop = app.database.onStatement((statement) => {
      if (!pattern.test(statement)) return;
      stop();
      resolve();
    });
  });
}

describe("the first start", () => {
  it("makes one key of 256 bits, and the next start none", async () => {
    await app.startNode();
    expect(await keys()).toEqual([
      {
        kid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        secret: expect.stringMatching(/^[0-9a-f]{64}$/),
        primary_slot: 1,
        is_active: 1,
        expires_at: null,
      },
    ]);
  });

  it("of several nodes at once makes one key", async () => {
    await app.database.execute(sql`DELETE FROM jwt_keys`);
    await Promise.all([app.startNode(), app.startNode(), app.startNode()]);
    expect(await keys()).toHaveLength(1);
  });
});

describe("a rotation", () => {
  it("leaves a young primary alone, unless forced", async () => {
    const [before] = await keys();
    expect(await rotate()).toEqual({ outcome: "NOT_DUE" });
    expect(await keys()).toEqual([before]);
    expect(await rotate({ force: true })).toEqual({ outcome: "ROTATED" });
    expect((await primaries()).map(({ kid }) => kid)).not.toEqual([before?.kid]);
  });

  it("replaces an old primary, which still verifies for the grace", async () => {
    const session = await app.join();
    await app.agePrimary();
    const before = Date.now();
    expect(await rotate()).toEqual({ outcome: "ROTATED" });
    const after = Date.now();
    const [former, primary] = await keys();
    expect(former).toMatchObject({ primary_slot: null, is_active: 0 });
    const { keyGrace } = app.services.config.tokens;
    expect(former?.expires_at).toBeGreaterThanOrEqual(before + keyGrace);
    expect(former?.expires_at).toBeLessThanOrEqual(after + keyGrace);
    expect(primary).toMatchObject({ primary_slot: 1, is_active: 1, expires_at: null });

    expect(await app.verdictOn(session)).toBe("former");
    const renewed = await app.refresh(session);
    expect(kidOf(renewed.tokens.accessToken)).toBe(primary?.kid);
    expect(await app.verdictOn(renewed)).toBe("primary");
  });

  it("by two nodes at once happens once, and is no error", async () => {
    const other = await app.startNode();
    for (let round = 1; round <= 5; round++) {
      await app.agePrimary();
      const calls = [app.services.broker, other, app.services.broker, other].map((broker) =>
        broker.call("auth.rotateKeys", {}),
      );
      expect(await outcomesOf(calls)).toEqual({ done: 4 });
      expect(await primaries()).toHaveLength(1);
      expect(await keys()).toHaveLength(round + 1);
    }
  });

  it("by several at once without any key makes one", async () => {
    const other = await app.startNode();
    await app.database.execute(sql`DELETE FROM jwt_keys`);
    const calls = [app.services.broker, other, app.services.broker, other].map((broker) =>
      broker.call("auth.rotateKeys", {}),
    );
    expect(await outcomesOf(calls)).toEqual({ done: 4 });
    expect(await keys()).toHaveLength(1);
  });

  it("that isn't committed yet is waited for: nobody gets a token that is old at once", async () => {
    const session = await app.join();
    const kid = randomUUID();
    let refresh: Promise<Session> | undefined;
    await app.database.transaction(async (transaction) => {
      await app.database.execute(sql`UPDATE jwt_keys SET primary_slot = NULL, is_active = 0`, {
        transaction,
      });
      await app.database.insert(
        sql`INSERT INTO jwt_keys (kid, secret, primary_slot, is_active, created_at)
            VALUES (${kid}, ${"0".repeat(64)}, 1, 1, ${Date.now()})`,
        { transaction },
      );
      // SQLite lets the refresh begin only after this transaction; a server, up to where it reads the key.
      const readsKey = statementLike(/FROM jwt_keys/);
      refresh = app.refresh(session);
      if (app.database.dialect === "mysql") await readsKey;
    });
    const renewed = await refresh;
    expect(kidOf(renewed?.tokens.accessToken ?? "")).toBe(kid);
  });

  it("during log-ins and refreshes: every pair is signed by the primary of its moment", async () => {
    const member = await app.signUp();
    let session = await app.logIn(member);
    const rotations = (async () => {
      for (let round = 0; round < 5; round++) await rotate({ force: true });
    })();
    const logins = Promise.all(Array.from({ length: 10 }, () => app.logIn(member)));
    for (let round = 0; round < 10; round++) session = await app.refresh(session);
    await Promise.all([rotations, logins]);
    const [primary] = await primaries();
    const last = await app.refresh(session);
    expect(kidOf(last.tokens.accessToken)).toBe(primary?.kid);
    // One key per forced rotation and the first.
    expect(await keys()).toHaveLength(6);
  });
});

it("the list of keys tells no secret", async () => {
  await rotate({ force: true });
  const [former, primary] = await keys();
  const list = await app.services.call<object[]>("auth.listKeys", {});
  expect(list).toEqual([
    { kid: primary?.kid, isPrimary: true, createdAt: expect.stringMatching(/Z$/), expiresAt: null },
    {
      kid: former?.kid,
      isPrimary: false,
      createdAt: expect.stringMatching(/Z$/),
      expiresAt: new Date(Number(former?.expires_at)).toISOString(),
    },
  ]);
});

describe("cleaning", () => {
  it("deletes what is over, and nothing else", async () => {
    const over = await app.join();
    const alive = await app.join();
    await app.as(over, "auth.logOut");
    await app.as(alive, "auth.logOut");
    await rotate({ force: true });
    await rotate({ force: true });
    const [oldest] = await keys();
    const longAgo = Date.now() - 3_600_000;
    await app.database.execute(
      sql`UPDATE refresh_tokens SET expires_at = ${longAgo} WHERE member_id = ${over.memberId}`,
    );
    await app.database.execute(
      sql`UPDATE jwt_blacklist SET expires_at = ${longAgo} WHERE member_id = ${over.memberId}`,
    );
    await app.database.execute(
      sql`UPDATE jwt_keys SET expires_at = ${longAgo} WHERE kid = ${oldest?.kid ?? ""}`,
    );

    expect(await app.services.call("auth.cleanExpired", {})).toEqual({
      refresh_tokens: 1,
      jwt_blacklist: 1,
      jwt_keys: 1,
    });
    expect(await app.rows(sql`SELECT member_id FROM refresh_tokens`)).toEqual([
      { member_id: alive.memberId },
    ]);
    expect(await app.rows(sql`SELECT member_id FROM jwt_blacklist`)).toEqual([{ member_id: alive.memberId }]);
    expect((await keys()).map(({ primary_slot }) => primary_slot)).toEqual([null, 1]);
    expect(await app.services.call("auth.cleanExpired", {})).toEqual({
      refresh_tokens: 0,
      jwt_blacklist: 0,
      jwt_keys: 0,
    });
  });

  it("forgets a key only after its tokens are of no use", async () => {
    const session = await app.join();
    await rotate({ force: true });
    await app.database.execute(
      sql`UPDATE jwt_keys SET expires_at = ${Date.now() - 1} WHERE primary_slot IS NULL`,
    );
    expect(await shortVerdict(app.verifier(), session.tokens.accessToken)).toBe("JWT_KEY_EXPIRED refresh");
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sql } from "../../lib/sql/sql.ts";
import { outcomesOf } from "../support/outcomes.ts";
import { verbsOf } from "../support/statements.ts";
import { AuthApp, PASSWORD } from "./auth-app.ts";

let app: AuthApp;
beforeAll(async () => {
  app = await AuthApp.start();
});
afterAll(() => app.stop());

async function countRows(): Promise<number[]> {
  const tables = [
    sql`SELECT COUNT(*) AS n FROM members`,
    sql`SELECT COUNT(*) AS n FROM profiles`,
    sql`SELECT COUNT(*) AS n FROM login_identities`,
    sql`SELECT COUNT(*) AS n FROM member_credentials`,
  ];
  const counts = await Promise.all(tables.map((query) => app.rows<{ n: number }>(query)));
  return counts.map(([row]) => row?.n ?? -1);
}

describe("a sign-up", () => {
  it("answers the id and the display name, which is the handle where none is given", async () => {
    const base = { password: PASSWORD, memberName: "김하나" };
    const call = (fields: object) => app.services.call("auth.signUp", { ...base, ...fields });
    expect(await call({ email: "one@example.com", handle: "One", displayName: "하나" })).toEqual({
      id: expect.any(Number),
      name: "하나",
    });
    expect(await call({ email: "two@example.com", handle: "Two", displayName: "" })).toEqual({
      id: expect.any(Number),
      name: "Two",
    });
  });

  it("stores what is given as written, empty texts as not given, and nothing the client may not set", async () => {
    const { id } = await app.signUp({
      email: "Mixed.Case@Example.com",
      handle: "Mixed_Case",
      bio: "  두 칸  ",
      location: "",
      gender: "",
      languageCode: "",
      birthDate: "2000-02-29",
      privacyLevel: "FRIENDS",
      verificationStatus: "VERIFIED",
      isActive: false,
    });
    const rows = await app.rows(
      sql`SELECT m.email, m.email_key, m.is_active, p.handle, p.handle_key, p.bio, p.location, p.gender, p.language_code,
                 p.birth_date, p.privacy_level, p.verification_status, i.provider, i.subject, c.session_generation
          FROM members m JOIN profiles p ON p.member_id = m.id JOIN login_identities i ON i.member_id = m.id
          JOIN member_credentials c ON c.member_id = m.id WHERE m.id = ${id}`,
    );
    expect(rows).toEqual([
      {
        email: "Mixed.Case@Example.com",
        email_key: "mixed.case@example.com",
        is_active: 1,
        handle: "Mixed_Case",
        handle_key: "mixed_case",
        bio: "  두 칸  ",
        location: null,
        gender: null,
        language_code: "en",
        birth_date: "2000-02-29",
        privacy_level: "FRIENDS",
        verification_status: "UNVERIFIED",
        provider: "email",
        subject: "mixed.case@example.com",
        session_generation: 0,
      },
    ]);
  });

  it("keeps the password as an Argon2id hash of 19 MiB and two passes", async () => {
    const { id } = await app.signUp();
    const [row] = await app.rows<{ hash: string }>(
      sql`SELECT password_hash AS hash FROM member_credentials WHERE member_id = ${id}`,
    );
    expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it("is one transaction of five inserts", async () => {
    const verbs = await verbsOf(app.database, () => app.signUp());
    expect(verbs).toEqual(["BEGIN", "INSERT", "INSERT", "INSERT", "INSERT", "INSERT", "COMMIT"]);
  });

  it.each([
    ["e-mail", { email: "TAKEN@example.COM" }, "MEMBER_ALREADY_EXISTS"],
    ["handle", { handle: "tAKEN" }, "MEMBER_HANDLE_ALREADY_EXISTS"],
  ])("with a taken %s, in whatever case, is refused and leaves nothing", async (_what, fields, code) => {
    await app.signUp({ email: "taken@example.com", handle: "Taken" }).catch(() => undefined);
    const before = await countRows();
    await expect(app.signUp(fields)).rejects.toMatchObject({ type: code, code: 400 });
    expect(await countRows()).toEqual(before);
  });

  it.each([
    "Sunny#1",
    `Aa1#${"a".repeat(47)}`,
    "sunny#day1",
    "SUNNY#DAY1",
    "Sunny#day",
    "Sunnyday1",
    "Sunny#day 1",
    "Sünny#day1",
  ])("with the password %j is refused", async (password) => {
    await expect(app.signUp({ password })).rejects.toMatchObject({
      type: "VALIDATION_ERROR",
      data: { errors: [expect.objectContaining({ field: "password" })] },
    });
  });
});

describe("twenty sign-ups at once", () => {
  it.each([
    ["handle", { handle: "Wanted" }, "MEMBER_HANDLE_ALREADY_EXISTS"],
    ["e-mail", { email: "wanted@example.com" }, "MEMBER_ALREADY_EXISTS"],
  ])("with one %s make one member", async (_what, fields, code) => {
    const before = await countRows();
    const calls = Array.from({ length: 20 }, () => app.signUp(fields));
    expect(await outcomesOf(calls)).toEqual({ done: 1, [code]: 19 });
    expect(await countRows()).toEqual(before.map((count) => count + 1));
  });
});

it("more sign-ups than the queue holds are turned away, not piled up", async () => {
  const calls = Array.from({ length: 80 }, () => app.signUp());
  const { done, SERVICE_UNAVAILABLE: refused } = await outcomesOf(calls);
  expect({ done, refused }).toEqual({ done: 66, refused: 14 });
});

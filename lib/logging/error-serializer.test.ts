import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Database } from "../sql/database.ts";
import { sql } from "../sql/sql.ts";
import { loggedError } from "./error-serializer.ts";

let folder: string;
let database: Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dailyfeed-log-"));
  database = new Database({ kind: "sqlite", file: join(folder, "test.sqlite") });
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

it("keeps a failed statement, and none of its values", async () => {
  const secret = "$argon2id$v=19$secret";
  const error = await database
    .insert(sql`INSERT INTO nowhere (hash) VALUES (${secret})`)
    .catch((e: unknown) => e);
  const logged = loggedError(
    Object.assign(new Error("outer"), { cause: error, type: "INTERNAL_SERVER_ERROR" }),
  );
  expect(logged).toMatchObject({ type: "INTERNAL_SERVER_ERROR", message: "outer" });
  expect(logged.cause?.statement).toContain("INSERT INTO nowhere (hash) VALUES ($1)");
  expect(logged.cause?.stack).toBeDefined();
  expect(JSON.stringify(logged)).not.toContain(secret);
});

it("hides the value in a duplicate's message", () => {
  const text = "Duplicate entry 'a@example.com' for key 'uq_members_email'";
  expect(loggedError(new Error(text)).message).toBe("Duplicate entry '...' for key 'uq_members_email'");
  expect(JSON.stringify(loggedError(new Error(text)))).not.toContain("a@example.com");
});

it("takes what isn't an error, and stops at a circle", () => {
  expect(loggedError("text")).toEqual({ type: "string", message: "text" });
  const circle = new Error("circle");
  circle.cause = circle;
  expect(JSON.stringify(loggedError(circle)).match(/"message"/g)).toHaveLength(6);
});

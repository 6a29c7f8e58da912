import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { forgetPassword, rememberedPassword, rememberPassword } from "./remembered-password.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seed-password-"));
  file = join(folder, "data", "seed-passwords.json");
});

afterEach(() => rmSync(folder, { recursive: true }));

test("keeps one password for each system, readable by the owner only", async () => {
  expect(await rememberedPassword(file, "http://a")).toBeUndefined();
  await rememberPassword(file, "http://a", "first");
  await rememberPassword(file, "http://b", "second");
  expect(await rememberedPassword(file, "http://a")).toBe("first");
  expect(statSync(file).mode & 0o077).toBe(0);
  await forgetPassword(file, "http://a");
  expect(await rememberedPassword(file, "http://a")).toBeUndefined();
  expect(await rememberedPassword(file, "http://b")).toBe("second");
});

test("says what to do about a damaged file", async () => {
  await rememberPassword(file, "http://a", "first");
  writeFileSync(file, "{");
  await expect(rememberedPassword(file, "http://a")).rejects.toThrow("remove it, or give --password");
});

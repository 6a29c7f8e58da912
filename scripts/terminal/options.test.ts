import { expect, test } from "vitest";
import { HelpRequest, Options, UsageError } from "./options.ts";

const options = (...args: readonly string[]) => new Options(["url", "limit", "prefix"], "usage: x", args);

test("reads texts, whole numbers and addresses", () => {
  const given = options("--url", "https://feed.example/", "--limit=12");
  expect(given.url("url", "http://localhost:3000")).toBe("https://feed.example");
  expect(given.integer("limit", 0)).toBe(12);
  expect(given.text("prefix")).toBeUndefined();
  expect(options().url("url", "http://localhost:3000")).toBe("http://localhost:3000");
});

test.each([
  ["an unknown option", () => options("--nope", "1")],
  ["a stray word", () => options("word")],
  ["a missing value", () => options("--limit")],
  ["a missing option", () => options().textOrThrow("prefix")],
  ["a number that is none", () => options("--limit", "1e3").integer("limit", 0)],
  ["a number below its range", () => options("--limit", "0").integer("limit", 1, 64)],
  ["a number above its range", () => options("--limit", "65").integer("limit", 1, 64)],
  ["an address that is none", () => options("--url", "localhost:3000").url("url", "http://localhost:3000")],
  ["a text of another form", () => options("--prefix", "a b").matching("prefix", /^\w+$/, "x")],
])("refuses %s and shows the usage", (_, use) => {
  expect(use).toThrow(UsageError);
  expect(use).toThrow("usage: x");
});

test("answers --help with the usage", () => {
  expect(() => options("--limit", "1", "--help")).toThrow(new HelpRequest("usage: x"));
});

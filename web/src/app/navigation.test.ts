import { expect, it } from "vitest";
import { safePath } from "./navigation.ts";

it.each(["/posts/1#c2", "/search?q=a", "/"])("goes back to %s", (path) => {
  expect(safePath(path)).toBe(path);
});

it.each([
  null,
  "",
  "//evil.example",
  "/\\evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "/login?next=/x",
])("doesn't go to %s", (path) => {
  expect(safePath(path)).toBe("/");
});

import { expect, it } from "vitest";
import { preferredLanguage } from "./language.ts";

it.each([
  [undefined, "ko"],
  ["", "ko"],
  ["en", "en"],
  ["en-US,en;q=0.9", "en"],
  ["ko-KR,ko;q=0.9,en;q=0.8", "ko"],
  ["en;q=0.1, ko;q=0.2", "ko"],
  ["fr, en;q=0.3", "en"],
  ["en;q=0, fr", "ko"],
  ["*", "ko"],
  [";;;,,q=", "ko"],
])("%o prefers %s", (header, language) => {
  expect(preferredLanguage(header)).toBe(language);
});

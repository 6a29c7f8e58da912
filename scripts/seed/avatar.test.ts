import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { avatarSvg } from "./avatar.ts";
import { DEMO_MEMBERS } from "./members.ts";

test("the public folder holds the generated avatar of every demo member, no two alike", () => {
  const files = DEMO_MEMBERS.map((_, index) => {
    const name = `${String(index + 1).padStart(2, "0")}.svg`;
    return readFileSync(new URL(`../../public/avatars/${name}`, import.meta.url), "utf8");
  });
  expect(files).toEqual(DEMO_MEMBERS.map((_, index) => avatarSvg(index + 1)));
  expect(new Set(files).size).toBe(DEMO_MEMBERS.length);
});

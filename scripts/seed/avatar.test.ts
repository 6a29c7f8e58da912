import { expect, test } from "vitest";
import { avatarPng, avatarSvg } from "./avatar.ts";
import { DEMO_MEMBERS } from "./members.ts";

test("every demo member has a face of its own, the same each time", async () => {
  const faces = DEMO_MEMBERS.map((_, index) => avatarSvg(index + 1));
  expect(new Set(faces).size).toBe(DEMO_MEMBERS.length);
  expect(DEMO_MEMBERS.map((_, index) => avatarSvg(index + 1))).toEqual(faces);
  expect((await avatarPng(1)).subarray(1, 4).toString()).toBe("PNG");
});

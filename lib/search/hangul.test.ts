import { describe, expect, it } from "vitest";
import { initialsOf, keystrokes } from "./hangul.ts";

describe("Hangul", () => {
  it.each([
    ["영화", "dudghk"],
    ["값", "rkqt"],
    ["꽃", "rhc"],
    ["괜찮아", "rhoscksgdk"],
    ["ㄳㅘㅎ", "rthkg"],
    ["힣", "glg"],
    ["가", "rk"],
    ["sf영화2", "sfdudghk2"],
  ])("%s is typed %s", (text, keys) => {
    expect(keystrokes(text)).toBe(keys);
  });

  it("has initial consonants", () => {
    expect(initialsOf("김민수 Kim 힣")).toBe("ㄱㅁㅅ Kim ㅎ");
    expect(initialsOf("까치".normalize("NFD"))).toBe("ㄲㅊ");
  });
});

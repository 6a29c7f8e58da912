import { expect, it } from "vitest";
import { Pauses } from "./pauses.ts";

it("rests longer after each failure in a row, up to five seconds", () => {
  const pauses = new Pauses<string>();
  const rests = Array.from({ length: 7 }, () => pauses.failed("a", 1_000).resumeAt - 1_000);
  expect(rests).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  expect(pauses.isReady("a", 5_999)).toBe(false);
  expect(pauses.isReady("a", 6_000)).toBe(true);
  expect(pauses.isReady("b", 0)).toBe(true);
  pauses.passed("a");
  expect(pauses.failed("a", 9_000).resumeAt).toBe(9_250);
});

it("tells since when it fails", () => {
  const pauses = new Pauses<string>(4);
  expect(pauses.failed("a", 1_000).since).toBe(1_000);
  expect(pauses.failed("a", 2_000).since).toBe(1_000);
  expect(pauses.failed("a", 3_000).since).toBe(2_000);
  pauses.passed("a");
  expect(pauses.failed("a", 4_000).since).toBe(4_000);
});

it("begins again with one and doubles", () => {
  const pauses = new Pauses<string>(5);
  const sizes = [pauses.batchSize("a")];
  pauses.failed("a", 1_000);
  for (let round = 0; round < 4; round++) {
    sizes.push(pauses.batchSize("a"));
    pauses.passed("a");
  }
  expect(sizes).toEqual([5, 1, 2, 4, 5]);
});

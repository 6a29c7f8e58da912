import { expect, it } from "vitest";
import { partitionOf } from "./partition.ts";

it("never changes", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 1_000_003, 2 ** 40 + 1].map((id) => partitionOf(id, 6))).toEqual([
    1, 4, 1, 5, 1, 4, 4, 1, 5,
  ]);
});

it.each([1, 2, 3, 6])("uses all partitions alike for ids in steps of %i", (step) => {
  const counts = new Array<number>(6).fill(0);
  for (let index = 0; index < 6_000; index++) {
    const partition = partitionOf(1 + index * step, 6);
    counts[partition] = (counts[partition] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(850);
  expect(Math.max(...counts)).toBeLessThan(1_150);
});

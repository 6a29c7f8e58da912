import { expect, test } from "vitest";
import { growthOf, isFlat, parts, type Sample } from "./flatness.ts";

const curve = (valueAt: (minute: number) => number): Sample[] =>
  Array.from({ length: 31 }, (_, minute) => [minute * 60, valueAt(minute)]);

const BOUND = { absolute: 3, share: 0.05 };

test("a curve that fills up in its first third is flat", () => {
  expect(
    isFlat(
      curve((minute) => Math.min(50 + 5 * minute, 100)),
      BOUND,
    ),
  ).toBe(true);
});

test("a leak is seen, whatever it began with, and also under a saw's teeth", () => {
  expect(
    isFlat(
      curve((minute) => 40 + minute / 2),
      BOUND,
    ),
  ).toBe(false);
  expect(
    isFlat(
      curve((minute) => 40 + minute + 8 * (minute % 3)),
      BOUND,
    ),
  ).toBe(false);
});

test("a saw's teeth alone are flat, and what shrinks is", () => {
  expect(
    isFlat(
      curve((minute) => 40 + 8 * (minute % 3)),
      BOUND,
    ),
  ).toBe(true);
  expect(
    isFlat(
      curve((minute) => 90 - minute),
      BOUND,
    ),
  ).toBe(true);
});

test("growth is that of the line over the last two thirds", () => {
  expect(growthOf(curve((minute) => 40 + minute)).growth).toBeCloseTo(20);
});

test("parts are means", () => {
  expect(
    parts(
      curve((minute) => (minute < 10 ? 1 : minute < 20 ? 2 : 3)),
      3,
    ),
  ).toBe("1 2 3");
});

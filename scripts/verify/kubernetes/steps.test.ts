import { expect, it } from "vitest";
import { stepsDown, stepsUp } from "./steps.ts";

it("up by the larger of both, down by the smaller, never beyond the bounds", () => {
  expect(stepsUp({ percent: 50, pods: 2 }, 10)).toEqual([2, 4, 6, 9, 10]);
  expect(stepsUp({ percent: 100, pods: 5 }, 15)).toEqual([2, 7, 14, 15]);
  expect(stepsDown({ percent: 50, pods: 2 }, 10)).toEqual([10, 8, 6, 4, 2]);
  expect(stepsDown({ percent: 50, pods: 3 }, 15)).toEqual([15, 12, 9, 6, 3, 2]);
  expect(stepsDown({ percent: 40, pods: 2 }, 15)).toEqual([15, 13, 11, 9, 7, 5, 3, 2]);
});

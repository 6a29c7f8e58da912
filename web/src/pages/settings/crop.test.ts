import { expect, it } from "vitest";
import { inside, sideOf, WHOLE } from "./crop.ts";

const wide = { width: 400, height: 200 };

it("shows the shorter side in full, and moves along the longer one only", () => {
  expect(sideOf(wide, 1)).toBe(200);
  expect(inside({ x: 0, y: 0, zoom: 1 }, wide)).toEqual({ x: 0.25, y: 0.5, zoom: 1 });
  expect(inside({ x: 2, y: 2, zoom: 1 }, wide)).toEqual({ x: 0.75, y: 0.5, zoom: 1 });
});

it("moves both ways when enlarged, and enlarges four times at most", () => {
  expect(inside({ x: 0, y: 0, zoom: 2 }, wide)).toEqual({ x: 0.125, y: 0.25, zoom: 2 });
  expect(inside({ ...WHOLE, zoom: 9 }, wide).zoom).toBe(4);
  expect(inside({ ...WHOLE, zoom: 0 }, wide)).toEqual(WHOLE);
});

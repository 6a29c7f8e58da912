import { expect, test } from "vitest";
import { UploadBudget } from "./upload-budget.ts";

test("bounds what all uploads hold together, and takes back what is closed, once", () => {
  const budget = new UploadBudget(10);
  const [one, other] = [budget.open(), budget.open()];
  expect([one.take(6), other.take(4), other.take(1)]).toEqual([true, true, false]);
  one.close();
  one.close();
  expect(budget.used).toBe(4);
  expect([one.take(1), other.take(6), other.take(1)]).toEqual([false, true, false]);
  other.close();
  expect(budget.used).toBe(0);
});

test("what is set aside is bounded too, and keeps nobody from receiving", () => {
  const budget = new UploadBudget(10);
  const [one, other] = [budget.open(), budget.open()];
  expect([one.reserve(6), other.reserve(5), other.take(10)]).toEqual([true, false, true]);
  one.close();
  one.close();
  expect([one.reserve(1), other.reserve(10)]).toEqual([false, true]);
  other.close();
  expect([budget.used, budget.reserved]).toEqual([0, 0]);
});

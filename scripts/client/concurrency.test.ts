import { expect, test } from "vitest";
import { forEachConcurrently } from "./concurrency.ts";

test("runs everything once, in order, never more than the limit at a time", async () => {
  const started: number[] = [];
  let running = 0;
  let most = 0;
  await forEachConcurrently([0, 1, 2, 3, 4, 5, 6], 3, async (item, index) => {
    expect(item).toBe(index);
    started.push(item);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
  });
  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(most).toBe(3);
});

test("after a failure starts nothing more, awaits what runs, then throws the first failure", async () => {
  const finished: number[] = [];
  const run = forEachConcurrently([0, 1, 2, 3], 2, async (item) => {
    if (item === 0) throw new Error("first");
    await new Promise((resolve) => setImmediate(resolve));
    finished.push(item);
  });
  await expect(run).rejects.toThrow("first");
  expect(finished).toEqual([1]);
});

test("has nothing to do for no items", async () => {
  await forEachConcurrently([], 4, () => Promise.reject(new Error("never")));
});

import { expect, test } from "vitest";
import { ScrapeSources } from "./scrape-sources.ts";

/** Sources under a clock that a test moves. */
function underClock(options: { timeoutMs?: number } = {}) {
  const clock = { ms: 0 };
  const sources = new ScrapeSources<number>({ ...options, now: () => clock.ms });
  return { clock, sources };
}

test("a source is read when somebody asks, once in ten seconds, and not at all when it was removed", async () => {
  const { clock, sources } = underClock();
  let reads = 0;
  const remove = sources.add(async () => [++reads]);
  expect(reads).toBe(0);
  expect(await Promise.all([sources.read(), sources.read()])).toEqual([[1], [1]]);
  clock.ms = 9_999;
  expect(await sources.read()).toEqual([1]);
  clock.ms = 10_000;
  expect(await sources.read()).toEqual([2]);
  remove();
  expect(await sources.read()).toEqual([]);
});

test("one that fails is left out, whether it throws or rejects, and asked again later", async () => {
  const { clock, sources } = underClock();
  let isAway = true;
  sources.add(() => {
    if (isAway) throw new Error("away");
    return Promise.resolve([1]);
  });
  sources.add(async () => {
    if (isAway) throw new Error("away");
    return [2];
  });
  sources.add(async () => [3]);
  expect(await sources.read()).toEqual([3]);
  isAway = false;
  expect(await sources.read()).toEqual([3]);
  clock.ms = 10_000;
  expect(await sources.read()).toEqual([1, 2, 3]);
});

test("one that hangs holds nobody up: what it told before is shown, for a minute", async () => {
  const { clock, sources } = underClock({ timeoutMs: 20 });
  let answer = (): void => undefined;
  let reads = 0;
  sources.add(() =>
    ++reads === 1 ? Promise.resolve([1]) : new Promise((resolve) => (answer = () => resolve([2]))),
  );
  sources.add(async () => [9]);
  expect(await sources.read()).toEqual([1, 9]);
  clock.ms = 59_999;
  expect(await sources.read()).toEqual([1, 9]);
  clock.ms = 60_000;
  expect(await sources.read()).toEqual([9]);
  expect(reads).toBe(2);
  answer();
  await expect.poll(() => sources.read()).toEqual([2, 9]);
});

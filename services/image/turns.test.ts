import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

test("lets so many work at a time, the others in order, also after failures", async () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  const ends: PromiseWithResolvers<number>[] = [];
  const results = [0, 1, 2, 3].map((n) => {
    const end = Promise.withResolvers<number>();
    ends.push(end);
    return turns.take(() => {
      begun.push(n);
      return end.promise;
    });
  });
  expect(begun).toEqual([0, 1]);
  ends[1]?.reject(new Error("broken"));
  await expect(results[1]).rejects.toThrow("broken");
  expect(begun).toEqual([0, 1, 2]);
  for (const n of [0, 2, 3]) ends[n]?.resolve(n);
  expect(await Promise.all([results[0], results[2], results[3]])).toEqual([0, 2, 3]);
  expect(begun).toEqual([0, 1, 2, 3]);
  expect(await turns.take(async () => 4)).toBe(4);
});

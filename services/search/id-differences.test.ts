import { describe, expect, it } from "vitest";
import { type IdWalk, idDifferences } from "./id-differences.ts";

function walkOf(ids: readonly number[]): IdWalk {
  return async (afterId, limit) => ids.filter((id) => id > afterId).slice(0, limit);
}

async function differencesOf(expected: readonly number[], actual: readonly number[], limit: number) {
  const found = { missing: [] as number[], surplus: [] as number[] };
  for await (const { missing, surplus } of idDifferences(walkOf(expected), walkOf(actual), limit)) {
    found.missing.push(...missing);
    found.surplus.push(...surplus);
  }
  return found;
}

describe("differences of two walks", () => {
  const CASES: [expected: number[], actual: number[]][] = [
    [[], []],
    [[1, 2, 3], []],
    [[], [4, 5, 6]],
    [
      [1, 2, 3, 7, 8, 9],
      [3, 4, 5, 6, 9, 10, 11],
    ],
    [[1], [2, 3, 4, 5, 6, 7]],
    [[9], [2, 3, 4, 5, 6, 7, 8, 9]],
    [
      [1, 2, 3, 4, 5, 6],
      [1, 2, 3, 4, 5, 6],
    ],
  ];

  it.each(CASES)(
    "of %j and %j are each told once, whatever the size of the pieces",
    async (expected, actual) => {
      const missing = expected.filter((id) => !actual.includes(id));
      const surplus = actual.filter((id) => !expected.includes(id));
      for (const limit of [1, 2, 3, 100]) {
        expect(await differencesOf(expected, actual, limit)).toEqual({ missing, surplus });
      }
    },
  );
});

import { expect, it } from "vitest";
import { compareSnapshots } from "./compare-snapshots.ts";

const record = (messageKey: string, postId: number | null = 1) => ({
  messageKey,
  postId,
  updatedAt: new Date(5),
});

it("finds nothing where the same records are there, in any order", () => {
  const { differences } = compareSnapshots([record("a"), record("b")], [record("b"), record("a")]);
  expect(differences).toEqual([]);
});

it("finds missing, changed and further records", () => {
  const before = [record("a"), record("b"), record("c")];
  const damaged = compareSnapshots(before, [record("b", 2), { ...record("c"), updatedAt: new Date(6) }]);
  expect(damaged).toMatchObject({ missing: 1, changed: 2, differences: { length: 3 } });
  expect(compareSnapshots(before, [...before, record("d")]).differences).toEqual([
    "1 records more than before",
  ]);
  expect(compareSnapshots(before, [...before, record("a")]).differences).toEqual([
    "1 records more than before",
  ]);
});

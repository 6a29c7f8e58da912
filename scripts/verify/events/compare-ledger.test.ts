import { expect, it } from "vitest";
import { compareLedger, compareRows, deedOf } from "./compare-ledger.ts";

it("finds nothing where everything acknowledged is committed once", () => {
  const told = { acknowledged: ["LIKE_POST###1###2", "LIKE_POST###1###2"], doubtful: [] };
  expect(compareLedger(told, ["LIKE_POST###1###2", "LIKE_POST###1###2"])).toEqual({
    lost: [],
    surplus: [],
    doubtsCommitted: 0,
  });
});

it("finds what is acknowledged and not committed, however often", () => {
  const told = { acknowledged: ["LIKE_POST###1###2", "LIKE_POST###1###2"], doubtful: [] };
  expect(compareLedger(told, ["LIKE_POST###1###2"]).lost).toEqual(["LIKE_POST###1###2"]);
});

it("finds what was committed twice", () => {
  const told = { acknowledged: ["POST_CREATE###1###2"], doubtful: [] };
  expect(compareLedger(told, ["POST_CREATE###1###2", "POST_CREATE###1###2"]).surplus).toEqual([
    "POST_CREATE###1###2",
  ]);
});

it("lets a doubtful deed be committed once, or not at all", () => {
  const told = { acknowledged: [], doubtful: ["POST_CREATE###?###2", "POST_UPDATE###5###2"] };
  expect(compareLedger(told, [])).toEqual({ lost: [], surplus: [], doubtsCommitted: 0 });
  expect(compareLedger(told, ["POST_CREATE###8###2", "POST_UPDATE###5###2"]).doubtsCommitted).toBe(2);
  const twice = compareLedger(told, ["POST_CREATE###8###2", "POST_CREATE###9###2", "POST_CREATE###7###3"]);
  expect(twice).toEqual({
    lost: [],
    surplus: ["POST_CREATE###9###2", "POST_CREATE###7###3"],
    doubtsCommitted: 1,
  });
});

it("reads the deed out of a key", () => {
  const prefix = "member_activity:kafka_event:";
  expect(deedOf(`${prefix}POST_CREATE###7###3`)).toBe("POST_CREATE###7###3");
  expect(deedOf(`${prefix}MEMBER_FOLLOW###3###4###2026-11-25 19:00:00.000000001`)).toBe(
    "MEMBER_FOLLOW###3###4",
  );
});

it("follows what is made and taken back to the rows that must be there", () => {
  const committed = [
    "POST_CREATE###1###9",
    "POST_CREATE###2###9",
    "LIKE_POST###2###8",
    "LIKE_POST_CANCEL###2###8",
    "LIKE_POST###2###8",
    "POST_DELETE###1###9",
    "POST_UPDATE###2###9",
  ];
  expect(compareRows(committed, ["POST_CREATE###2###9", "LIKE_POST###2###8"])).toEqual([]);
  expect(compareRows(committed, ["POST_CREATE###2###9", "POST_CREATE###3###9"])).toEqual([
    "a row without its event: POST_CREATE###3###9",
    "an event without its row: LIKE_POST###2###8",
  ]);
});

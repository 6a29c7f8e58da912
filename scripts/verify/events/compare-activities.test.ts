import { expect, it } from "vitest";
import { type CommittedEvent, compareActivities, type StoredActivity } from "./compare-activities.ts";

const SUBJECT = {
  messageKey: "LIKE_POST###1###2",
  type: "LIKE_POST",
  memberId: 2,
  postId: 1,
  commentId: null,
};

const event = (eventId: string, at: number): CommittedEvent => ({ ...SUBJECT, id: at, eventId, at });
const record = (eventId: string, createdAt: number, updatedAt: number): StoredActivity => ({
  ...SUBJECT,
  eventId,
  createdAt,
  updatedAt,
});

it("is content with one record of each key's latest event", () => {
  expect(compareActivities([event("a", 5), event("b", 9)], [record("b", 5, 9)])).toEqual([]);
  expect(compareActivities([event("a", 5), event("b", 5)], [record("a", 5, 5)])).toEqual([]);
});

it("finds a key without a record", () => {
  expect(compareActivities([event("a", 5)], [])).toEqual(["lost: LIKE_POST###1###2"]);
});

it("finds a second record of a key", () => {
  const differences = compareActivities([event("a", 5)], [record("a", 5, 5), record("a", 5, 5)]);
  expect(differences).toEqual(["doubled: 2 records of LIKE_POST###1###2"]);
});

it("finds a record that no committed event made", () => {
  expect(compareActivities([], [record("a", 5, 5)])).toEqual(["made of nothing: LIKE_POST###1###2"]);
});

it.each([
  ["of an earlier event", record("a", 5, 9)],
  ["with the time of its processing", record("b", 5, 10)],
  ["made at another time", record("b", 6, 9)],
  ["of another post", { ...record("b", 5, 9), postId: 3 }],
  ["of another type", { ...record("b", 5, 9), type: "LIKE_POST_CANCEL" }],
])("finds a record %s", (_, wrong) => {
  const differences = compareActivities([event("a", 5), event("b", 9)], [wrong]);
  expect(differences).toEqual([expect.stringMatching(/^wrong: /)]);
});

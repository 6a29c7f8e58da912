import { expect, test } from "vitest";
import { countViews, groupViews, VIEW_INTERVAL } from "./views.ts";

const NOON = 1_700_000_000_000;

test("groups by post, then reader, with times ascending", () => {
  const views = [
    { postId: 10, memberId: 1, viewedAt: 5 },
    { postId: 9, memberId: 2, viewedAt: 7 },
    { postId: 9, memberId: 2, viewedAt: 3 },
    { postId: 9, memberId: 1, viewedAt: 4 },
  ];
  expect(groupViews(views)).toEqual([
    { postId: 9, memberId: 1, times: [4] },
    { postId: 9, memberId: 2, times: [3, 7] },
    { postId: 10, memberId: 1, times: [5] },
  ]);
});

test.each([
  ["the first view", [NOON], undefined, { count: 1, viewedAt: NOON }],
  ["a second one within the hour", [NOON, NOON + VIEW_INTERVAL - 1], undefined, { count: 1, viewedAt: NOON }],
  ["one after exactly an hour", [NOON + VIEW_INTERVAL], NOON, { count: 1, viewedAt: NOON + VIEW_INTERVAL }],
  ["one just before the hour", [NOON + VIEW_INTERVAL - 1], NOON, undefined],
  ["one that arrives late, from before the last counted", [NOON - VIEW_INTERVAL], NOON, undefined],
  [
    "the hour since the last counted, not the last seen",
    [NOON, NOON + VIEW_INTERVAL - 1, NOON + VIEW_INTERVAL],
    undefined,
    { count: 2, viewedAt: NOON + VIEW_INTERVAL },
  ],
])("counts %s", (_, times, last, expected) => {
  expect(countViews(times, last)).toEqual(expected);
});

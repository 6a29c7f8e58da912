import { expect, test } from "vitest";
import { card, shortened, table } from "./table.ts";

test("a table is aligned, numbers to the right, with a dash where nothing is", () => {
  const rows = [
    { topic: "a-20261125", lag: 7, isRead: false, by: null },
    { topic: "member-activity-20261124", lag: 1_200, isRead: true, by: "x" },
  ];
  expect(table(["topic", "lag", "isRead", "by"], rows).split("\n")).toEqual([
    "topic                      lag  isRead  by",
    "a-20261125                   7  no      -",
    "member-activity-20261124  1200  yes     x",
  ]);
});

test("a card has a property a line", () => {
  expect(card({ id: "7", payload: "{}" })).toBe("id       7\npayload  {}");
});

test("long texts are cut to one line", () => {
  expect(shortened("a\n  b", 10)).toBe("a b");
  expect(shortened("abcdef", 4)).toBe("abc…");
});

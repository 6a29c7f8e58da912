import { describe, expect, it } from "vitest";
import { datesAround, datesOf, expiredDates, olderDates, shiftDate } from "./calendar.ts";

describe("the calendar of topics", () => {
  it.each([
    ["20261125", 1, "20261126"],
    ["20261231", 1, "20270101"],
    ["20260301", -1, "20260228"],
    ["20280301", -1, "20280229"],
    ["20261125", -14, "20261111"],
    ["20260329", 1, "20260330"],
  ])("%s shifted by %i days is %s", (date, days, shifted) => {
    expect(shiftDate(date, days)).toBe(shifted);
  });

  it("keeps yesterday, today and tomorrow", () => {
    expect(datesAround("20270101")).toEqual(["20261231", "20270101", "20270102"]);
  });

  it("finds a family's dates, and takes no other family or mesh for it", () => {
    const topics = [
      "member-activity-20261126",
      "member-activity-20261125",
      "member-activity-2026112",
      "member-activity-202611251",
      "blue.member-activity-20261125",
      "member-activity-audit-20261125",
      "__consumer_offsets",
    ];
    expect(datesOf("member-activity-", topics)).toEqual(["20261125", "20261126"]);
    expect(datesOf("blue.member-activity-", topics)).toEqual(["20261125"]);
  });

  it("looks at older days up to the end of retention", () => {
    const existing = ["20261110", "20261111", "20261120", "20261123", "20261124", "20261125", "20261126"];
    expect(olderDates(existing, "20261125", 14)).toEqual(["20261111", "20261120", "20261123"]);
  });

  it("drops what is older than seven days, not the seventh", () => {
    const existing = ["20261110", "20261117", "20261118", "20261119", "20261125"];
    expect(expiredDates(existing, "20261125", 7)).toEqual(["20261110", "20261117"]);
  });
});

import { describe, expect, it } from "vitest";
import { dealPartitions } from "./subscription-assigner.ts";

const member = (id: string, ...topics: string[]) => ({ id, topics: new Set(topics) });
const sixPartitions = () => [5, 4, 3, 2, 1, 0];

describe("the assignment of partitions", () => {
  it("deals each partition once, evenly", () => {
    const shares = dealPartitions([member("b", "today"), member("a", "today")], sixPartitions);
    expect(Object.fromEntries(shares)).toEqual({ a: { today: [0, 2, 4] }, b: { today: [1, 3, 5] } });
  });

  it("gives a day to those that follow it already, all of it", () => {
    const shares = dealPartitions(
      [member("late", "today"), member("early", "today", "tomorrow")],
      sixPartitions,
    );
    expect(shares.get("late")).toEqual({ today: [1, 3, 5] });
    expect(shares.get("early")).toEqual({ today: [0, 2, 4], tomorrow: [0, 1, 2, 3, 4, 5] });
  });

  it("leaves members over without a share, and knows them", () => {
    const shares = dealPartitions([member("a", "today"), member("b", "today")], () => [0]);
    expect(shares.get("b")).toEqual({});
  });

  it("deals nothing of a topic that is gone", () => {
    expect(dealPartitions([member("a", "gone")], () => []).get("a")).toEqual({});
  });
});

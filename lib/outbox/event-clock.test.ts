import { expect, it } from "vitest";
import { EventClock } from "./event-clock.ts";

it("tells the time in its zone with nine digits", () => {
  const now = () => Date.parse("2026-11-24T23:59:59.007Z");
  expect(new EventClock("Asia/Seoul", now).next()).toBe("2026-11-25 08:59:59.007000000");
  expect(new EventClock("UTC", now).next()).toBe("2026-11-24 23:59:59.007000000");
  expect(new EventClock("America/New_York", now).next()).toBe("2026-11-24 18:59:59.007000000");
});

it("writes midnight as hour 0", () => {
  const clock = new EventClock("UTC", () => Date.parse("2026-01-02T00:00:00Z"));
  expect(clock.next()).toBe("2026-01-02 00:00:00.000000000");
});

it("grows within one millisecond, over a second, and when the clock is set back", () => {
  let now = Date.parse("2026-11-25T00:00:00.999Z");
  const clock = new EventClock("UTC", () => now);
  const times = [clock.next(), clock.next(), clock.next()];
  now -= 5_000;
  times.push(clock.next());
  now += 5_001;
  times.push(clock.next());
  expect(times).toEqual([
    "2026-11-25 00:00:00.999000000",
    "2026-11-25 00:00:00.999000001",
    "2026-11-25 00:00:00.999000002",
    "2026-11-25 00:00:00.999000003",
    "2026-11-25 00:00:01.000000000",
  ]);
});

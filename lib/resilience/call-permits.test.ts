import { describe, expect, it } from "vitest";
import { targetClasses } from "../../config/resilience.ts";
import { CallPermits } from "./call-permits.ts";

const CLASSES = targetClasses({ limits: { default: 100, critical: 200, conservative: 50 }, patience: 1 });

const ROWS = [
  { services: ["content", "activity", "search"], permits: 100, maxWait: 0 },
  { services: ["member", "timeline"], permits: 200, maxWait: 100 },
  { services: ["image"], permits: 50, maxWait: 0 },
] as const;

function underClock(service: string, start = 0) {
  const clock = { ms: start };
  const options = CLASSES.get(service)?.limit;
  if (!options) throw new Error(`${service} has no limit`);
  const permits = new CallPermits(options, () => clock.ms);
  const takeAll = (count: number) => Array.from({ length: count }, () => permits.take());
  return { clock, permits, takeAll };
}

describe.each(ROWS.flatMap(({ services, ...row }) => services.map((service) => ({ service, ...row }))))(
  "calls to $service",
  ({ service, permits, maxWait }) => {
    it(`are ${permits} a second, whenever in it`, () => {
      const { clock, takeAll } = underClock(service);
      for (const second of [0, 1_000, 5_000]) {
        clock.ms = second;
        expect(takeAll(permits - 1).every((wait) => wait === 0)).toBe(true);
        clock.ms = second + 500;
        expect(takeAll(2)).toEqual([0, undefined]);
      }
    });

    it(`wait up to ${maxWait} ms for the next second`, () => {
      const { clock, takeAll } = underClock(service);
      takeAll(permits);
      clock.ms = 999 - maxWait;
      expect(takeAll(1)).toEqual([undefined]);
      clock.ms = 1_000 - maxWait / 2;
      const wait = maxWait > 0 ? maxWait / 2 : 0;
      expect(takeAll(1)).toEqual([wait]);
    });
  },
);

it("who waits takes a permit of the next second, of which there are no more than always", () => {
  const { clock, takeAll } = underClock("member");
  takeAll(200);
  clock.ms = 950;
  expect(takeAll(201).filter((wait) => wait === 50)).toHaveLength(200);
  clock.ms = 1_000;
  expect(takeAll(1)).toEqual([undefined]);
  clock.ms = 2_000;
  expect(takeAll(201).filter((wait) => wait === 0)).toHaveLength(200);
});

it("0 is no limit, and nodes may be asked as often as one likes", () => {
  const classes = targetClasses({ limits: { default: 0, critical: 0, conservative: 0 }, patience: 1 });
  expect(classes.get("content")?.limit?.enabled).toBe(false);
  expect(classes.get("$node")?.limit).toBeUndefined();
  expect(classes.get("$node")?.retry).toBeUndefined();
});

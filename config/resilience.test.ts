import { describe, expect, it } from "vitest";
import { configOrThrow } from "./index.ts";
import { BREAKERS, targetClasses } from "./resilience.ts";

/** The design's tables by target service, once more: what the product does without any variable set. */

const CRITICAL = {
  breaker: "critical",
  attempts: 2,
  wait: 300,
  permits: 200,
  maxWait: 100,
  one: 3,
  all: 10,
} as const;
const DEFAULT = {
  breaker: "default",
  attempts: 3,
  wait: 500,
  permits: 100,
  maxWait: 0,
  one: 3,
  all: 10,
} as const;

const ROWS = [
  { service: "member", ...CRITICAL },
  { service: "timeline", ...CRITICAL },
  { service: "content", ...DEFAULT },
  { service: "activity", ...DEFAULT },
  { service: "search", ...DEFAULT, one: 4, all: 15 },
  { service: "image", breaker: "bulk", attempts: 2, wait: 1_000, permits: 50, maxWait: 0, one: 10, all: 30 },
  // Not in the design's table: nobody gets in without auth, and batch works in the background.
  { service: "auth", ...CRITICAL },
  { service: "batch", ...DEFAULT },
] as const;

const CLASSES = targetClasses(configOrThrow({}).calls);

it.each(ROWS)("$service is protected as class $breaker", ({ service, breaker, ...row }) => {
  expect(CLASSES.get(service)).toEqual({
    breaker: BREAKERS[breaker],
    retry: { enabled: true, retries: row.attempts - 1, delay: row.wait },
    limit: { enabled: true, permits: row.permits, maxWait: row.maxWait },
    times: { attempt: row.one * 1_000, total: row.all * 1_000 },
  });
});

describe("nothing else", () => {
  it("is in the table", () => {
    const known = ROWS.map(({ service }) => service as string);
    expect([...CLASSES.keys()].filter((name) => !known.includes(name))).toEqual(["$node", "$breakers"]);
  });

  it.each(["$node", "$breakers"])(
    "than a breaker and a time is for %s, which tells of a node's health",
    (service) => {
      expect(CLASSES.get(service)).toEqual({
        breaker: BREAKERS.healthCheck,
        times: { attempt: 3_000, total: 10_000 },
      });
    },
  );
});

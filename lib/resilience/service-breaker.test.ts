import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BREAKERS } from "../../config/resilience.ts";
import { type BreakerState, ServiceBreaker } from "./service-breaker.ts";

/** The numbers of the design, once more: the configuration must say the same. */
const ROWS = [
  { name: "default", window: 100, minimum: 10, failures: 50, slowAfter: 5, slow: 80, open: 60, trials: 10 },
  { name: "critical", window: 50, minimum: 5, failures: 40, slowAfter: 3, slow: 70, open: 30, trials: 5 },
  { name: "bulk", window: 200, minimum: 20, failures: 60, slowAfter: 10, slow: 85, open: 120, trials: 10 },
  { name: "healthCheck", window: 10, minimum: 3, failures: 50, slowAfter: 3, slow: 80, open: 10, trials: 3 },
] as const;

type Outcome = "good" | "bad" | "slow";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function breakerOf({ name, slowAfter }: Pick<(typeof ROWS)[number], "name" | "slowAfter">) {
  const changes: BreakerState[] = [];
  const breaker = new ServiceBreaker(BREAKERS[name], (to) => void changes.push(to));
  const calls = (count: number, outcome: Outcome) => {
    for (let call = 0; call < count; call++) {
      if (!breaker.admits()) return;
      breaker.record(breaker.era, outcome === "slow" ? slowAfter * 1_000 : 1, outcome === "bad");
    }
  };
  return { breaker, changes, calls };
}

/** The fewest of `count` calls that are that share (in percent). */
const fewest = (count: number, percent: number) => Math.ceil((count * percent) / 100);

describe.each(ROWS)("class $name", (row) => {
  const { window, minimum, failures, slowAfter, slow, open, trials } = row;

  /** As after `open` seconds of failures. */
  function halfOpen() {
    const made = breakerOf(row);
    made.calls(minimum, "bad");
    vi.advanceTimersByTime(open * 1_000);
    expect(made.breaker.state).toBe("HALF_OPEN");
    return made;
  }

  it(`isn't judged before ${minimum} calls`, () => {
    const { breaker, calls } = breakerOf(row);
    calls(minimum - 1, "bad");
    expect(breaker.state).toBe("CLOSED");
    calls(1, "bad");
    expect(breaker.state).toBe("OPEN");
  });

  it(`opens at ${failures} % failures, not below`, () => {
    const needed = fewest(window, failures);
    const { breaker, calls } = breakerOf(row);
    calls(window - needed, "good");
    calls(needed - 1, "bad");
    expect(breaker.state).toBe("CLOSED");
    calls(1, "bad");
    expect(breaker.state).toBe("OPEN");
  });

  it(`opens at ${slow} % of calls that took ${slowAfter} s, not below`, () => {
    const needed = fewest(window, slow);
    const { breaker, calls } = breakerOf(row);
    for (let call = 0; call < window; call++) {
      breaker.record(breaker.era, slowAfter * 1_000 - 1, false);
    }
    calls(needed - 1, "slow");
    expect(breaker.state).toBe("CLOSED");
    calls(1, "slow");
    expect(breaker.state).toBe("OPEN");
  });

  it(`remembers the last ${window} calls`, () => {
    const needed = fewest(window, failures);
    const { breaker, calls } = breakerOf(row);
    calls(window - needed + 1, "good");
    calls(needed - 1, "bad");
    calls(window, "good");
    expect(breaker.report).toMatchObject({ calls: window, failureRate: 0 });
    calls(needed - 1, "bad");
    expect(breaker.state).toBe("CLOSED");
    calls(1, "bad");
    expect(breaker.state).toBe("OPEN");
  });

  it(`stays open for ${open} s, then half-opens by itself`, () => {
    const { breaker, changes, calls } = breakerOf(row);
    calls(minimum, "bad");
    expect([breaker.admits(), breaker.retryAfter]).toEqual([false, open]);
    vi.advanceTimersByTime(open * 1_000 - 1);
    expect([breaker.admits(), breaker.state, breaker.retryAfter]).toEqual([false, "OPEN", 1]);
    vi.advanceTimersByTime(1);
    expect(changes).toEqual(["OPEN", "HALF_OPEN"]);
    expect(breaker.report.refused).toBe(2);
  });

  it(`lets ${trials} calls through when half-open, which close it`, () => {
    const { breaker } = halfOpen();
    const { era } = breaker;
    const admitted = Array.from({ length: trials + 5 }, () => breaker.admits()).filter(Boolean).length;
    expect(admitted).toBe(trials);
    for (let trial = 1; trial < trials; trial++) breaker.record(era, 1, false);
    expect(breaker.state).toBe("HALF_OPEN");
    breaker.record(era, 1, false);
    expect([breaker.state, breaker.admits()]).toEqual(["CLOSED", true]);
  });

  it.each([
    ["failures", failures, "bad"],
    ["slow calls", slow, "slow"],
  ] as const)("decides by the same rate of %s among the trials", (_what, percent, outcome) => {
    const needed = fewest(trials, percent);
    const below = halfOpen();
    below.calls(needed - 1, outcome);
    below.calls(trials - needed + 1, "good");
    expect(below.breaker.state).toBe("CLOSED");
    const at = halfOpen();
    at.calls(needed, outcome);
    at.calls(trials - needed, "good");
    expect(at.breaker.state).toBe("OPEN");
    vi.advanceTimersByTime(open * 1_000);
    expect(at.breaker.state).toBe("HALF_OPEN");
  });

  it("gives the place of a trial that says nothing to another, and all places again when trials hang", () => {
    const { breaker } = halfOpen();
    for (let trial = 0; trial < trials; trial++) breaker.admits();
    expect(breaker.admits()).toBe(false);
    breaker.forget(breaker.era);
    expect([breaker.admits(), breaker.admits()]).toEqual([true, false]);
    const { era } = breaker;
    vi.advanceTimersByTime(open * 1_000);
    expect(breaker.admits()).toBe(true);
    breaker.record(era, 1, true);
    expect(breaker.report.calls).toBe(0);
  });

  it("takes no notice of calls that began in another state", () => {
    const { breaker, calls } = breakerOf(row);
    const { era } = breaker;
    calls(minimum, "bad");
    for (let call = 0; call < window; call++) breaker.record(era, 1, false);
    vi.advanceTimersByTime(open * 1_000);
    for (let call = 0; call < window; call++) breaker.record(era, 1, false);
    expect(breaker.report).toMatchObject({ state: "HALF_OPEN", calls: 0 });
  });
});

import type { ServiceBroker } from "moleculer";
import { afterEach, describe, expect, it, vi } from "vitest";
import { targetClasses } from "../../config/resilience.ts";
import { domainError } from "../../contracts/errors.ts";
import type { ServiceBreakerReport } from "../../lib/resilience/reports.ts";
import { hang, mesh, scripted, service } from "./faulty.ts";

const CLASSES = targetClasses({ limits: { default: 0, critical: 0, conservative: 0 }, patience: 1 });
const SERVICES = [...CLASSES.keys()].filter((name) => !name.startsWith("$"));

let brokers: ServiceBroker[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(brokers.map((broker) => broker.stop()));
  brokers = [];
});

async function started(...nodes: Parameters<typeof mesh>[0][number][]) {
  brokers = await mesh(nodes);
  return brokers as [ServiceBroker, ServiceBroker];
}

function breakerOf(name: string) {
  const breaker = CLASSES.get(name)?.breaker;
  if (!breaker) throw new Error(`${name} has no breaker`);
  return breaker;
}

async function stateOf(broker: ServiceBroker, name: string): Promise<string | undefined> {
  const reports: ServiceBreakerReport[] = await broker.call("$breakers.list", {}, { nodeID: broker.nodeID });
  return reports.find((report) => report.service === name)?.state;
}

const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as Error & { type?: string; code?: unknown; data?: unknown },
  );

describe.each(SERVICES)("the breaker of %s", (name) => {
  it("never opens for 4xx, opens for errors of drivers, and refuses then, whichever the action", async () => {
    const { minRequestCount, windowSize, halfOpenTime } = breakerOf(name);
    const target = scripted(() => {
      throw domainError("POST_NOT_FOUND");
    });
    const other = scripted(() => "fine");
    const [broker] = await started([service(name, { target, other })]);
    const call = (action = "target") => failureOf(broker.call(`${name}.${action}`));
    for (let n = 0; n < windowSize + 1; n++) expect((await call())?.type).toBe("POST_NOT_FOUND");
    expect(await stateOf(broker, name)).toBe("CLOSED");

    target.does = () => {
      throw Object.assign(new Error("Deadlock found"), { code: "ER_LOCK_DEADLOCK" });
    };
    target.runs = 0;
    let refused = await call();
    while (refused?.type !== "SERVICE_UNAVAILABLE") refused = await call();
    expect(target.runs).toBe(Math.ceil(breakerOf(name).threshold * windowSize));
    expect(target.runs).toBeGreaterThanOrEqual(minRequestCount);
    expect(refused).toMatchObject({
      code: 503,
      data: { reason: "BREAKER_OPEN", retryAfter: halfOpenTime / 1_000 },
    });
    expect((await call("other"))?.type).toBe("SERVICE_UNAVAILABLE");
    expect(other.runs).toBe(0);
  });

  it("half-opens and closes by itself once its calls work again", async () => {
    const { minRequestCount, halfOpenTime, halfOpenRequests } = breakerOf(name);
    const target = scripted(() => {
      throw new Error("broken");
    });
    const [broker] = await started([service(name, { target })]);
    vi.useFakeTimers();
    for (let n = 0; n < minRequestCount; n++) await failureOf(broker.call(`${name}.target`));
    expect(await stateOf(broker, name)).toBe("OPEN");
    target.does = () => "fine";
    vi.advanceTimersByTime(halfOpenTime);
    expect(await stateOf(broker, name)).toBe("HALF_OPEN");
    for (let n = 0; n < halfOpenRequests; n++) expect(await broker.call(`${name}.target`)).toBe("fine");
    expect(await stateOf(broker, name)).toBe("CLOSED");
  });
});

it("counts calls that are never answered, and those that are slow", async () => {
  const silent = scripted(hang);
  const [broker] = await started([service("member", { silent })]);
  vi.useFakeTimers();
  const calls = Array.from({ length: 5 }, () => failureOf(broker.call("member.silent")));
  await vi.advanceTimersByTimeAsync(2_999);
  expect(await stateOf(broker, "member")).toBe("CLOSED");
  await vi.advanceTimersByTimeAsync(1);
  expect((await Promise.all(calls)).map((error) => error?.type)).toEqual(Array(5).fill("REQUEST_TIMEOUT"));
  expect(await stateOf(broker, "member")).toBe("OPEN");
});

it("counts calls that were slow, unless they were given the time of work in the background", async () => {
  const slow = scripted(() => new Promise((resolve) => setTimeout(resolve, 3_000)));
  const [broker] = await started([service("member", { slow })]);
  vi.useFakeTimers();
  const callAll = async (timeout: number) => {
    const calls = Array.from({ length: 5 }, () => broker.call("member.slow", {}, { timeout }));
    await vi.advanceTimersByTimeAsync(3_000);
    await Promise.all(calls);
  };
  await callAll(60_001);
  await callAll(0);
  expect(await stateOf(broker, "member")).toBe("CLOSED");
  for (let times = 0; times < 5; times++) await callAll(8_000);
  expect(await stateOf(broker, "member")).toBe("OPEN");
});

it("is the caller's: who serves doesn't count what others call", async () => {
  const target = scripted(() => {
    throw new Error("broken");
  });
  const [near, far] = await started([], [service("content", { target })]);
  for (let n = 0; n < 10; n++) await failureOf(near.call("content.target"));
  expect(await stateOf(near, "content")).toBe("OPEN");
  expect(await stateOf(far, "content")).toBe("CLOSED");
  expect((await failureOf(far.call("content.target")))?.message).toBe("broken");
});

it("does not count calls that find a queue full", async () => {
  const busy = scripted(hang, { bulkhead: "deepRead" });
  const [broker] = await started([service("timeline", { busy })]);
  for (let n = 0; n < 9; n++) void failureOf(broker.call("timeline.busy", {}, { timeout: 60_000 }));
  for (let n = 0; n < 60; n++) {
    expect(await failureOf(broker.call("timeline.busy"))).toMatchObject({
      type: "SERVICE_UNAVAILABLE",
      code: 503,
      data: { reason: "QUEUE_FULL" },
    });
  }
  expect(await stateOf(broker, "timeline")).toBe("CLOSED");
});

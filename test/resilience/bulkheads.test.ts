import { ServiceBroker } from "moleculer";
import { afterEach, describe, expect, it, vi } from "vitest";
import { BULKHEADS, type BulkheadKind } from "../../config/resilience.ts";
import { bulkheadReports } from "../../lib/resilience/reports.ts";
import { hang, mesh, scripted, service } from "./faulty.ts";

let broker: ServiceBroker;
afterEach(async () => {
  vi.useRealTimers();
  await broker.stop();
});

const FORGET = () => undefined;

/** The shortest queues of the design. */
const LEAST: Partial<Record<BulkheadKind, number>> = { hashing: 64, image: 32, search: 128, bulkRead: 256 };

describe.each(Object.keys(BULKHEADS) as BulkheadKind[])("work of kind %s", (kind) => {
  const { concurrency, maxQueueSize } = BULKHEADS[kind];

  it("is done a few at a time; some wait, and the others are turned away at once, whichever the action", async () => {
    expect(maxQueueSize).toBeGreaterThanOrEqual(LEAST[kind] ?? 1);
    const one = scripted(hang, { bulkhead: kind });
    const other = scripted(hang, { bulkhead: kind });
    [broker] = (await mesh([[service("timeline", { one, other })]])) as [ServiceBroker];
    for (let n = 0; n < concurrency + maxQueueSize; n++) broker.call("timeline.one").catch(FORGET);
    await expect(broker.call("timeline.other")).rejects.toMatchObject({
      code: 503,
      type: "SERVICE_UNAVAILABLE",
      retryable: false,
      data: { retryAfter: 1, reason: "QUEUE_FULL" },
    });
    expect([one.runs, other.runs]).toEqual([concurrency, 0]);
    expect(bulkheadReports.list()).toEqual([
      {
        bulkhead: `timeline.${kind}`,
        ...{ running: concurrency, concurrency, waiting: maxQueueSize, maxQueueSize },
      },
    ]);
  });
});

it("who waited until its caller has gone is not served any more; the next one is", async () => {
  const { promise: first, resolve: endFirst } = Promise.withResolvers<void>();
  const rows: number[] = [];
  const write = scripted(
    (ctx) => {
      rows.push(ctx.params.n ?? 0);
      return ctx.params.n === 1 ? first : undefined;
    },
    { bulkhead: "deepRead" },
  );
  [broker] = (await mesh([[service("timeline", { write })]])) as [ServiceBroker];
  vi.useFakeTimers();
  const calls = [1, 2].map((n) =>
    broker.call("timeline.write", { n }, { timeout: n === 1 ? 10_000 : 1_000 }),
  );
  const gaveUp = expect(calls[1]).rejects.toMatchObject({ type: "REQUEST_TIMEOUT" });
  await vi.advanceTimersByTimeAsync(1_000);
  await gaveUp;
  const last = broker.call("timeline.write", { n: 3 });
  endFirst();
  await Promise.all([calls[0], last]);
  expect(rows).toEqual([1, 3]);
  expect(bulkheadReports.list()).toMatchObject([{ bulkhead: "timeline.deepRead", running: 0, waiting: 0 }]);
});

it("an action that names no kind we know stops the start", async () => {
  const odd = scripted(hang, { bulkhead: "odd" });
  broker = new ServiceBroker({ logger: false });
  await expect(mesh([[service("timeline", { odd })]])).rejects.toThrow(
    "timeline.odd has an unknown bulkhead: odd",
  );
});

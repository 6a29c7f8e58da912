import type { ServiceBroker } from "moleculer";
import { afterEach, expect, it, vi } from "vitest";
import { targetClasses } from "../../config/resilience.ts";
import { mesh, scripted, service } from "./faulty.ts";

const CLASSES = targetClasses({ limits: { default: 100, critical: 200, conservative: 50 }, patience: 1 });

let brokers: ServiceBroker[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(brokers.map((broker) => broker.stop()));
});

const typeOf = (call: Promise<unknown>) =>
  call.then(
    () => "fine",
    ({ type, code }: { type?: string; code?: number }) => `${code} ${type}`,
  );

async function burst(count: number, call: () => Promise<unknown>) {
  const outcomes = await Promise.all(Array.from({ length: count }, () => typeOf(call())));
  return Object.fromEntries(
    Object.entries(Object.groupBy(outcomes, (it) => it)).map(([it, all]) => [it, all?.length]),
  );
}

it("counts calls that leave the process, and none of the gateway's dispatch", async () => {
  const target = scripted(() => "fine");
  const dispatch = scripted((ctx) => ctx.call("image.target"));
  const relay = scripted((ctx) => ctx.call("image.target"));
  vi.useFakeTimers({ toFake: ["performance"], now: 0 });
  brokers = await mesh(
    [[service("api", { dispatch }), service("content", { relay })], [service("image", { target })]],
    CLASSES,
  );
  const [near, far] = brokers as [ServiceBroker, ServiceBroker];
  expect(await burst(60, () => near.call("api.dispatch"))).toEqual({ fine: 60 });
  expect(await burst(60, () => near.call("image.target"))).toEqual({ fine: 50, "429 TOO_MANY_REQUEST": 10 });
  expect(await burst(1, () => near.call("content.relay"))).toEqual({ "429 TOO_MANY_REQUEST": 1 });
  expect(await burst(60, () => far.call("image.target"))).toEqual({ fine: 60 });
  vi.advanceTimersByTime(1_000);
  expect(await burst(1, () => near.call("content.relay"))).toEqual({ fine: 1 });
});

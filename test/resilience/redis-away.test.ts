import { ServiceBroker } from "moleculer";
import { afterEach, describe, expect, it, vi } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import type { ServiceBreakerReport } from "../../lib/resilience/reports.ts";
import { brokerOptions } from "../../moleculer.config.ts";
import { errorCodeOf } from "../../services/api/error-response.ts";
import { Route } from "../support/route.ts";
import { IDEMPOTENT, type Scripted, scripted, service } from "./faulty.ts";

/** Two nodes connected by a real Redis, each over a way of its own that can be cut. */

const REDIS = process.env.TEST_REDIS_URL;
/** Milliseconds from the return of Redis until all is well; a breaker that had opened would take 30 s. */
const RECOVERY = 20_000;

let meshes = 0;
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function node(name: string, target?: Scripted) {
  const url = new URL(String(REDIS));
  const route = new Route(url);
  await route.open();
  const TRANSPORTER = Object.assign(new URL(url), { host: `127.0.0.1:${route.port}` }).href;
  const NAMESPACE = `redis-away-${process.pid}-${meshes}`;
  const config = configOrThrow({ NAMESPACE, NODE_ID: name, TRANSPORTER });
  const broker = new ServiceBroker({ ...brokerOptions(config), logger: false });
  if (target) broker.createService(service("member", { target }));
  await broker.start();
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= broker.stop();
    return stopped;
  };
  stops.push(() => route.cut(), stop);
  return { broker, route, stop };
}

async function pair(target: Scripted) {
  meshes++;
  const [near, far] = await Promise.all([node("near"), node("far", target)]);
  await near.broker.waitForServices("member");
  const codes: Record<string, number> = {};
  /** The code of each answer; counts them. */
  const call = async () => {
    const code = await near.broker.call("member.target").then(
      () => "fine",
      (error: unknown) => errorCodeOf(error),
    );
    codes[code] = (codes[code] ?? 0) + 1;
    return code;
  };
  const breaker = async () => {
    const reports: ServiceBreakerReport[] = await near.broker.call("$breakers.list", {}, { nodeID: "near" });
    return reports.find((report) => report.service === "member");
  };
  return { near, far, call, codes, breaker };
}

function isConnected({ transit }: ServiceBroker): boolean {
  return (transit as unknown as { tx: { connected: boolean } }).tx.connected;
}

/** Calls side by side, again and again, until something holds. */
async function callUntil(call: () => Promise<unknown>, holds: () => boolean | Promise<boolean>) {
  await vi.waitUntil(
    () => {
      void call();
      return holds();
    },
    { timeout: 30_000, interval: 20 },
  );
}

describe.skipIf(!REDIS)("while the transporter's Redis is away", () => {
  it.each([
    ["what may be repeated", IDEMPOTENT],
    ["a write", {}],
  ])("%s is 503 or 504, and works as soon as it is back: no breaker opens for it", async (_what, options) => {
    const { near, far, call, codes, breaker } = await pair(scripted(() => "fine", options));
    expect(await call()).toBe("fine");

    await Promise.all([near.route.cut(), far.route.cut()]);
    await callUntil(call, () => (codes.SERVICE_UNAVAILABLE ?? 0) >= 20);
    await near.route.open();
    await callUntil(call, () => isConnected(near.broker));
    // The other node comes back a little later: what is sent to it meanwhile is lost.
    const lost = Array.from({ length: 10 }, call);
    await far.route.open();
    const isBack = performance.now();
    await callUntil(call, async () => (await call()) === "fine");
    expect(performance.now() - isBack).toBeLessThan(RECOVERY);
    expect(await Promise.all(lost)).toContain(options === IDEMPOTENT ? "fine" : "GATEWAY_TIMEOUT");
    expect(codes.INTERNAL_SERVER_ERROR).toBeUndefined();
    expect(await breaker()).toMatchObject({ state: "CLOSED", failureRate: 0, refused: 0 });
  });

  it("a write whose packet Redis took without saying so isn't sent once more", async () => {
    const write = scripted(() => "fine");
    const { near, call } = await pair(write);
    expect(await call()).toBe("fine");
    near.route.isMute = true;
    const lost = call();
    await vi.waitUntil(() => write.runs === 2, { timeout: 30_000 });
    await near.route.cut();
    expect(await lost).toBe("SERVICE_UNAVAILABLE");
    near.route.isMute = false;
    await near.route.open();
    await callUntil(call, async () => (await call()) === "fine");
    const { runs } = write;
    expect(await call()).toBe("fine");
    expect(write.runs).toBe(runs + 1);
  });

  it("a node stops, though Redis hangs", async () => {
    const { near, far } = await pair(scripted(() => "fine"));
    for (const { route } of [near, far]) route.isHung = true;
    await Promise.all([near.stop(), far.stop()]);
  });

  it("a service that fails is judged again once Redis is here", async () => {
    const target = scripted(() => "fine");
    const { near, call, codes, breaker } = await pair(target);
    await near.route.cut();
    await callUntil(call, () => (codes.SERVICE_UNAVAILABLE ?? 0) >= 20);
    await near.route.open();
    await callUntil(call, async () => (await call()) === "fine");
    target.does = () => {
      throw new Error("broken");
    };
    await callUntil(call, async () => (await breaker())?.state === "OPEN");
  });
});

import net from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { collector, eventually, KafkaBench, numbersOf, range, TIMES } from "./kafka-bench.ts";
import { canStartBroker, type OwnBroker, startBroker } from "./own-broker.ts";

const NOON = "2026-11-25T12:00:00+09:00";
const TODAY = "20261125";

describe.skipIf(!canStartBroker)("with a broker that goes away", { timeout: 300_000 }, () => {
  let broker: OwnBroker;
  let bench: KafkaBench;
  beforeAll(async () => {
    broker = await startBroker();
    bench = new KafkaBench(NOON, { KAFKA_BROKERS: broker.address });
  }, 300_000);
  afterAll(async () => {
    await bench.close();
    await broker.remove();
  }, 120_000);

  /** As the outbox does: the same batch until it is confirmed. */
  async function publishStubbornly(partition: number, first: number, count: number): Promise<number> {
    let failures = 0;
    await eventually(async () => {
      await bench.send(...bench.messages(TODAY, partition, first, count)).catch((error: unknown) => {
        expect(error).toMatchObject({ kind: "UNAVAILABLE" });
        failures += 1;
        throw error;
      });
    });
    return failures;
  }

  it.each(["stop", "kill9"] as const)("%s: everything arrives in order once it is back", async (how) => {
    const partition = how === "stop" ? 0 : 1;
    const { got, handler } = collector();
    const subscription = await bench.read(handler, { group: bench.group(how) });
    await publishStubbornly(partition, 0, 100);
    await eventually(() => expect(numbersOf(got, partition)).toEqual(range(0, 100)));

    await broker.control(how);
    const failed = bench.send(...bench.messages(TODAY, partition, 100, 100));
    await expect(failed).rejects.toMatchObject({ kind: "UNAVAILABLE" });
    await eventually(() => expect(subscription.followed).toEqual([]));
    const [failures] = await Promise.all([publishStubbornly(partition, 100, 100), broker.control("start")]);
    expect(failures).toBeGreaterThan(0);
    await publishStubbornly(partition, 200, 100);
    await eventually(() => expect(numbersOf(got, partition)).toEqual(range(0, 300)));
    await eventually(async () => expect(await bench.lag(bench.group(how))).toBe(0));
    await subscription.stop();
  });

  it("a broker that hangs: sends give up within a lease, and reading goes on after it", async () => {
    const { got, handler } = collector();
    const subscription = await bench.read(handler, { group: bench.group("hang") });
    await publishStubbornly(2, 0, 10);
    await eventually(() => expect(numbersOf(got, 2)).toEqual(range(0, 10)));
    await broker.control("pause");
    const start = performance.now();
    await expect(bench.send(...bench.messages(TODAY, 2, 10, 10))).rejects.toMatchObject({
      kind: "UNAVAILABLE",
    });
    // Some 8 s; kafkajs by itself would wait for minutes.
    expect(performance.now() - start).toBeLessThan(25_000);
    await broker.control("resume");
    await publishStubbornly(2, 10, 10);
    await eventually(() => expect(numbersOf(got, 2)).toEqual(range(0, 20)));
    await subscription.stop();
  });

  it.each([
    ["stop", "start"],
    ["pause", "resume"],
  ] as const)(
    "%s: a probe fails until it is back, and asks over one connection while it is there",
    async (away, back) => {
      const connect = vi.spyOn(net, "connect");
      for (let times = 0; times < 5; times++) await bench.probe.ping();
      // One to the address that is configured, one to where it says that it is.
      const opened = connect.mock.calls.length;
      expect(opened).toBeLessThanOrEqual(2);
      await bench.probe.ping();
      expect(connect.mock.calls.length).toBe(opened);
      connect.mockRestore();

      await broker.control(away);
      await expect(bench.probe.ping()).rejects.toThrow();
      await broker.control(back);
      await eventually(() => bench.probe.ping());
    },
  );

  it("starts and stops while the broker is away, and follows when it comes", async () => {
    await broker.control("stop");
    const { got, handler } = collector();
    const subscription = await bench.read(handler, { group: bench.group("early") });
    const idle = await bench.read(handler, { group: bench.group("idle") });
    const start = performance.now();
    await idle.stop();
    expect(performance.now() - start).toBeLessThan(TIMES.stopTimeout);
    await broker.control("start");
    await publishStubbornly(3, 0, 5);
    await eventually(() => expect(numbersOf(got, 3)).toEqual(range(0, 5)));
    await subscription.stop();
  });
});

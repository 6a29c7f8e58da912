import { afterEach, beforeEach, expect, it } from "vitest";
import type { IncomingMessage } from "../../lib/event-log/event-log.ts";
import { collector, describeKafka, eventually, KafkaBench, numbersOf, range } from "./kafka-bench.ts";

const NOON = "2026-11-25T12:00:00+09:00";
const TODAY = "20261125";

describeKafka("consuming from Kafka", () => {
  let bench: KafkaBench;
  beforeEach(() => {
    bench = new KafkaBench(NOON);
  });
  afterEach(() => bench.close(), 120_000);

  it("reads from the beginning, each partition in order, and commits after the effect", async () => {
    for (const part of range(0, 5)) {
      await bench.publish(...range(0, 6).flatMap((p) => bench.messages(TODAY, p, part * 300, 300)));
    }
    const { got, handler } = collector();
    const sizes: number[] = [];
    await bench.read(async (batch) => {
      sizes.push(batch.length);
      await handler(batch);
    });
    await eventually(() => expect(got).toHaveLength(9_000));
    for (const partition of range(0, 6)) expect(numbersOf(got, partition)).toEqual(range(0, 1_500));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
    await eventually(async () => expect(await bench.lag()).toBe(0));
  });

  it("commits nothing before the effect", async () => {
    await bench.publish(...bench.messages(TODAY, 0, 0, 5));
    const effect = Promise.withResolvers<void>();
    const { got, handler } = collector();
    await bench.read(async (batch) => {
      await handler(batch);
      await effect.promise;
    });
    await eventually(() => expect(got).toHaveLength(5));
    expect(await bench.lag()).toBe(5);
    effect.resolve();
    await eventually(async () => expect(await bench.lag()).toBe(0));
    expect(got).toHaveLength(5);
  });

  it("lets a failing partition wait, from the same message on, while the others go on", async () => {
    const { got, handler } = collector();
    let refusals = 0;
    let isOpen = false;
    await bench.read(async (batch) => {
      if (batch[0]?.partition === 0 && !isOpen) {
        refusals += 1;
        throw new Error("the store is away");
      }
      await handler(batch);
    });
    await bench.publish(...bench.messages(TODAY, 0, 0, 3), ...bench.messages(TODAY, 1, 0, 3));
    await eventually(() => expect(refusals).toBeGreaterThan(0));
    await bench.publish(...bench.messages(TODAY, 0, 3, 3), ...bench.messages(TODAY, 1, 3, 3));
    await eventually(() => expect(numbersOf(got, 1)).toEqual(range(0, 6)));
    await eventually(async () => expect(await bench.lagByPartition()).toMatchObject({ 1: 0 }));
    expect((await bench.lagByPartition())[0]).toBeGreaterThanOrEqual(6);
    expect(numbersOf(got, 0)).toEqual([]);
    isOpen = true;
    await eventually(() => expect(numbersOf(got, 0)).toEqual(range(0, 6)));
    await eventually(async () => expect(await bench.lag()).toBe(0));
  });

  it("gets through with fewer messages at once where many are too much for the handler", async () => {
    await bench.publish(...bench.messages(TODAY, 0, 0, 300));
    const { got, handler } = collector();
    await bench.read(async (batch) => {
      if (batch.length > 100) throw new Error("the store didn't answer in its time");
      await handler(batch);
    });
    await eventually(async () => expect(await bench.lag()).toBe(0));
    expect(numbersOf(got, 0)).toEqual(range(0, 300));
  });

  it("deals the partitions out again when a member comes and when it goes", async () => {
    const first = collector();
    const second = collector();
    const leaving = await bench.read(first.handler);
    await bench.publish(...range(0, 6).flatMap((p) => bench.messages(TODAY, p, 0, 10)));
    await eventually(() => expect(first.got).toHaveLength(60));
    await bench.read(second.handler);
    let next = 10;
    const publishMore = async () => {
      await bench.publish(...range(0, 6).flatMap((p) => bench.messages(TODAY, p, next, 1)));
      next += 1;
    };
    const partitionsOf = (got: readonly IncomingMessage[], from: number) =>
      new Set(got.filter(({ value }) => Number(value) >= from).map(({ partition }) => partition));
    await eventually(async () => {
      const from = next;
      await publishMore();
      await eventually(async () => expect(await bench.lag()).toBe(0));
      expect(partitionsOf(first.got, from).size).toBe(3);
      expect(partitionsOf(second.got, from).size).toBe(3);
    });
    await leaving.stop();
    const from = next;
    await publishMore();
    await eventually(() => expect(partitionsOf(second.got, from).size).toBe(6));
    for (const partition of range(0, 6)) {
      const numbers = [...first.got, ...second.got]
        .filter((message) => message.partition === partition)
        .map(({ value }) => Number(value));
      expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(range(0, next));
    }
  });

  it("finishes and commits what is in hand when it is stopped, and takes no more", async () => {
    await bench.publish(...bench.messages(TODAY, 0, 0, 600));
    const entered = Promise.withResolvers<void>();
    const effect = Promise.withResolvers<void>();
    const { got, handler } = collector();
    const subscription = await bench.read(async (batch) => {
      entered.resolve();
      await effect.promise;
      await handler(batch);
    });
    await entered.promise;
    let isStopped = false;
    const stopped = subscription.stop().then(() => {
      isStopped = true;
    });
    // Asking the cluster takes longer than an idle reader takes to stop.
    expect(await bench.lag()).toBe(600);
    expect(isStopped).toBe(false);
    effect.resolve();
    await stopped;
    expect(got.length).toBeGreaterThan(0);
    expect(got.length).toBeLessThan(600);
    expect(await bench.lag()).toBe(600 - got.length);
  });

  it("survives a handler that takes longer than a session", async () => {
    await bench.publish(...bench.messages(TODAY, 0, 0, 2));
    const { got, handler } = collector();
    const longEffect = Promise.withResolvers<void>();
    await bench.read(async (batch) => {
      await handler(batch);
      await longEffect.promise;
    });
    await eventually(() => expect(got).toHaveLength(2));
    // A second member would get the partition if the first were given up.
    const second = collector();
    await bench.read(second.handler);
    const late = Date.now() + 8_000;
    await eventually(() => expect(Date.now()).toBeGreaterThan(late));
    longEffect.resolve();
    await eventually(async () => expect(await bench.lag()).toBe(0));
    expect([...got, ...second.got]).toHaveLength(2);
  });

  it("reads a day once more, for no group, at the pace of who takes it", async () => {
    await bench.publish(...range(0, 6).flatMap((p) => bench.messages(TODAY, p, 0, p * 300)));
    const again: IncomingMessage[] = [];
    for await (const batch of bench.readTopic(bench.topic(TODAY))) {
      // What comes after the beginning is not its concern.
      await bench.publish(...bench.messages(TODAY, 5, 9_000 + again.length, 1));
      again.push(...batch);
    }
    for (const partition of range(0, 6)) {
      expect(numbersOf(again, partition)).toEqual(range(0, partition * 300));
    }
    const nothing = [];
    for await (const batch of bench.readTopic(bench.topic("20261101"))) nothing.push(...batch);
    expect(nothing).toEqual([]);

    for await (const batch of bench.readTopic(bench.topic(TODAY))) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    const admin = bench.kafka().admin();
    await admin.connect();
    const { groups } = await admin.listGroups();
    await admin.disconnect();
    expect(groups.filter(({ groupId }) => groupId.startsWith(bench.events.namespace))).toEqual([]);
  });
});

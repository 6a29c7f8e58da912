import { afterEach, beforeEach, expect, it } from "vitest";
import { PublishError } from "../../lib/event-log/event-log.ts";
import { collector, describeKafka, eventually, KafkaBench, numbersOf, range } from "./kafka-bench.ts";

const NOON = "2026-11-25T12:00:00+09:00";
const TODAY = "20261125";

describeKafka("publishing to Kafka", () => {
  let bench: KafkaBench;
  beforeEach(() => {
    bench = new KafkaBench(NOON);
  });
  afterEach(() => bench.close(), 120_000);

  it("sends key, value, headers and partition as given, makes a missing topic, and commits once", async () => {
    let commits = 0;
    await bench.publisher.send(bench.messages(TODAY, 4, 0, 3), async () => {
      commits += 1;
    });
    expect(commits).toBe(1);
    const { got, handler } = collector();
    await bench.read(handler);
    await eventually(() => expect(got).toHaveLength(3));
    expect(got.map(({ value, ...rest }) => ({ ...rest, value: String(value) }))).toEqual(
      range(0, 3).map((number) => ({
        topic: bench.topic(TODAY),
        partition: 4,
        offset: String(number),
        key: `k4-${number}`,
        value: String(number),
        headers: { "event-type": "POST_CREATE" },
      })),
    );
  });

  it("names what Kafka refuses, and sends the rest in order", async () => {
    const messages = bench.messages(TODAY, 1, 0, 9);
    // Not compressible below the broker's limit of 1 MiB.
    const noise = Array.from({ length: 3_000_000 }, () => String.fromCharCode(33 + Math.random() * 90)).join(
      "",
    );
    messages[4] = { ...messages[4], value: noise } as (typeof messages)[number];
    const refusal = await bench.publisher
      .send(messages, () => Promise.reject(new Error("committed")))
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PublishError);
    expect(refusal).toMatchObject({ kind: "REJECTED", rejectedKeys: ["k1-4"] });
    const { got, handler } = collector();
    await bench.read(handler);
    await eventually(() => expect(numbersOf(got, 1)).toEqual([0, 1, 2, 3, 5, 6, 7, 8]));
  });

  it("goes on after a topic that it sent to was dropped", async () => {
    await bench.publish(...bench.messages(TODAY, 0, 0, 1));
    const admin = bench.kafka().admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [bench.topic(TODAY)] });
    await admin.disconnect();
    await bench.publish(...bench.messages("20261126", 0, 0, 1));
    const { got, handler } = collector();
    await bench.read(handler);
    await eventually(() => expect(got.map(({ topic }) => topic)).toContain(bench.topic("20261126")));
  });

  it("keeps a long row of days on few connections", async () => {
    for (const day of range(1, 20)) {
      const date = `202611${String(day).padStart(2, "0")}`;
      await bench.publish(...bench.messages(date, 0, day, 1));
    }
    expect(await bench.topics.list()).toHaveLength(20);
    expect(await bench.lag(bench.group("nobody"))).toBe(20);
  });

  it("says that the cluster is away, soon", async () => {
    const away = new KafkaBench(NOON, { KAFKA_BROKERS: "127.0.0.1:9" });
    const failure = await away.send(...away.messages(TODAY, 0, 0, 1)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "PublishError", kind: "UNAVAILABLE" });
    await away.publisher.close();
  });
});

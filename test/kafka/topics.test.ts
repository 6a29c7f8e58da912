import { ConfigResourceTypes, type Kafka } from "kafkajs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { TopicAdmin } from "../../lib/kafka/topic-admin.ts";
import { collector, describeKafka, eventually, FAMILY, KafkaBench } from "./kafka-bench.ts";

const NOON = "2026-11-25T12:00:00+09:00";

describeKafka("the topics of a cluster", () => {
  let bench: KafkaBench;
  beforeEach(() => {
    bench = new KafkaBench(NOON);
  });
  afterEach(() => bench.close(), 120_000);

  /** Lets a group read everything there is, and stop. */
  async function readAll(group: string): Promise<void> {
    const { handler } = collector();
    const subscription = await bench.read(handler, { group });
    await eventually(async () => expect(await bench.lag(group)).toBe(0));
    await subscription.stop();
  }

  it("are made for yesterday, today and tomorrow, with their settings, once", async () => {
    const days = ["20261124", "20261125", "20261126"].map((date) => bench.topic(date));
    expect(await bench.topics.ensureAround()).toEqual(days);
    expect(await bench.topics.ensureAround()).toEqual([]);
    expect(await bench.topics.list()).toEqual(days);

    const admin = bench.kafka().admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: days });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: String(days[1]) }],
    });
    await admin.disconnect();
    expect(topics.map(({ partitions }) => partitions.length)).toEqual([6, 6, 6]);
    const settings = new Map(
      resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]),
    );
    expect(settings.get("retention.ms")).toBe("1209600000");
    expect(settings.get("cleanup.policy")).toBe("delete");
    expect(settings.get("min.insync.replicas")).toBe("1");
  });

  it("are made by several nodes at once without an error", async () => {
    const made = await Promise.all([1, 2, 3].map(() => bench.admin().ensureAround()));
    expect(made.flat().sort()).toEqual(["20261124", "20261125", "20261126"].map((date) => bench.topic(date)));
  });

  it("are of the date in the zone of the events", () => {
    bench.clock = Date.parse("2026-11-25T14:59:59.999Z");
    expect(bench.topics.today()).toBe("20261125");
    bench.clock += 1;
    expect(bench.topics.today()).toBe("20261126");
  });

  it("refuse a name that is none of theirs", async () => {
    await expect(bench.topics.ensure(["something-20261125"])).rejects.toThrow(/no dated topic/);
    await expect(bench.topics.toFollow("g", ["something"])).rejects.toThrow(/no family/);
  });

  it("are not made with fewer copies than wanted", async () => {
    const wide = new KafkaBench(NOON, { KAFKA_REPLICATION_FACTOR: "9" });
    await expect(wide.topics.ensureAround()).rejects.toThrow(/creation/);
    expect(await wide.topics.list()).toEqual([]);
  });

  it("tell the lag of each partition", async () => {
    await bench.publish(...bench.messages("20261125", 2, 0, 5), ...bench.messages("20261124", 0, 0, 2));
    const lag = await bench.topics.lag(bench.group(), [FAMILY]);
    expect(lag.filter((of) => of.lag > 0)).toEqual([
      { topic: bench.topic("20261124"), partition: 0, lag: 2 },
      { topic: bench.topic("20261125"), partition: 2, lag: 5 },
    ]);
  });

  it("are dropped when old and read by everybody, and only then", async () => {
    const old = "20261117";
    const kept = "20261118";
    await bench.publish(...bench.messages(old, 0, 0, 3), ...bench.messages(kept, 0, 0, 3));
    // Nobody ever read it.
    expect(await bench.topics.dropRead(7)).toEqual({
      dropped: [],
      kept: [{ topic: bench.topic(old), unreadBy: [] }],
    });

    await readAll(bench.group("quick"));
    // A group that read some, but not this: it is known by the offsets of the family.
    const { got, handler } = collector();
    const slow = await bench.read(
      async (batch) => {
        if (batch[0]?.topic === bench.topic(old)) throw new Error("later");
        await handler(batch);
      },
      { group: bench.group("slow") },
    );
    await eventually(() => expect(got).toHaveLength(3));
    await eventually(async () => expect(await bench.lag(bench.group("slow"), bench.topic(kept))).toBe(0));
    await slow.stop();
    expect(await bench.topics.dropRead(7)).toEqual({
      dropped: [],
      kept: [{ topic: bench.topic(old), unreadBy: [bench.group("slow")] }],
    });

    await readAll(bench.group("slow"));
    // A group that should read, and never came.
    expect(await bench.topics.dropRead(7, [bench.group("absent")])).toEqual({
      dropped: [],
      kept: [{ topic: bench.topic(old), unreadBy: [bench.group("absent")] }],
    });

    const reports = await Promise.all([bench.topics.dropRead(7), bench.admin().dropRead(7)]);
    expect(reports.flatMap(({ dropped }) => dropped)).toContain(bench.topic(old));
    expect(reports.flatMap((report) => report.kept)).toEqual([]);
    await eventually(async () => expect(await bench.topics.list()).not.toContain(bench.topic(old)));
    expect(await bench.topics.list()).toContain(bench.topic(kept));
  });

  it("are dropped once, also where another node drops them after they were listed here", async () => {
    const [old, empty] = [bench.topic("20261101"), bench.topic("20261102")];
    await bench.topics.ensure([old, empty]);
    const kafka = bench.kafka();
    let isFirst = true;
    const late = {
      admin: () => {
        const admin = kafka.admin();
        const listTopics = async () => {
          const listed = await admin.listTopics();
          if (isFirst) await admin.deleteTopics({ topics: [old] });
          isFirst = false;
          return listed;
        };
        return { ...admin, listTopics };
      },
    } as unknown as Kafka;
    const { events, logger } = bench;
    const topics = new TopicAdmin({ kafka: late, events, logger, now: () => bench.clock });
    expect(await topics.dropRead(7)).toEqual({ dropped: [empty], kept: [] });
  });

  it("are dropped when old and empty, whoever has not looked at them", async () => {
    await bench.topics.ensure([bench.topic("20261101")]);
    const { dropped } = await bench.topics.dropRead(7, [bench.group("absent")]);
    expect(dropped).toEqual([bench.topic("20261101")]);
  });
});

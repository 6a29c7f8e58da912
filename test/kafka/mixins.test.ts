import { type Service, ServiceBroker, type ServiceSchema } from "moleculer";
import { afterEach, beforeEach, expect, it } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import type { IncomingMessage } from "../../lib/event-log/event-log.ts";
import { type Consumption, groupName, KafkaConsumerMixin } from "../../mixins/kafka-consumer.mixin.ts";
import { type KafkaProducerMembers, KafkaProducerMixin } from "../../mixins/kafka-producer.mixin.ts";
import { describeKafka, eventually, FAMILY, KafkaBench } from "./kafka-bench.ts";

const NOON = "2026-11-25T12:00:00+09:00";
const TODAY = "20261125";

describeKafka("a service with the Kafka mixins", () => {
  let bench: KafkaBench;
  let broker: ServiceBroker;
  let seen: IncomingMessage[];
  beforeEach(() => {
    bench = new KafkaBench(NOON);
    broker = new ServiceBroker({ logger: false });
    seen = [];
  });
  afterEach(async () => {
    await broker.stop();
    await bench.close();
  }, 120_000);

  const config = () =>
    configOrThrow({
      KAFKA_BROKERS: process.env.TEST_KAFKA_BROKERS,
      NAMESPACE: bench.events.namespace,
    });

  function listener(): ServiceSchema {
    const consumes: Consumption = {
      group: "listener",
      families: [FAMILY],
      types: ["POST_CREATE"],
      async handle(batch) {
        await this.broker.call("listener.note", { count: batch.length });
        seen.push(...batch);
      },
    };
    return {
      name: "listener",
      mixins: [KafkaConsumerMixin({ ...config(), now: () => bench.clock })],
      consumes,
      actions: { note: () => undefined },
    } as unknown as ServiceSchema;
  }

  /** Each once: what a slow broker confirms too late is sent again. */
  const keysSeen = () => [...new Set(seen.map(({ key }) => key))];

  it("sends, and takes the events that its schema names", async () => {
    broker.createService(listener());
    const writer = broker.createService({
      name: "writer",
      mixins: [KafkaProducerMixin({ ...config(), now: () => bench.clock })],
    } as unknown as ServiceSchema) as Service & KafkaProducerMembers;
    await broker.start();

    const [read, ...created] = bench.messages(TODAY, 0, 0, 3);
    const messages = [
      ...(read ? [{ ...read, headers: { "event-type": "POST_READ" } }] : []),
      ...created,
      ...bench.messages(TODAY, 1, 0, 1).map((message) => ({ ...message, headers: {} })),
    ];
    await writer.eventPublisher.send(messages, async () => undefined);
    await eventually(() => expect(keysSeen().sort()).toEqual(["k0-1", "k0-2", "k1-0"]));
    const group = groupName(bench.events.namespace, "listener");
    await eventually(async () => expect(await bench.lag(group)).toBe(0));
    await eventually(async () => expect(await writer.datedTopics.list()).toHaveLength(3));
    for (const { name, effect, check } of writer.healthChecks) {
      expect([name, effect]).toEqual(["kafka", "degrading"]);
      await check();
    }
  });

  it("leaves the group when the service stops, so that the next one reads on at once", async () => {
    broker.createService(listener());
    await broker.start();
    await bench.publish(...bench.messages(TODAY, 0, 0, 1));
    await eventually(() => expect(keysSeen()).toEqual(["k0-0"]));
    await broker.stop();
    await bench.publish(...bench.messages(TODAY, 0, 1, 1));
    broker = new ServiceBroker({ logger: false });
    broker.createService(listener());
    await broker.start();
    await eventually(() => expect(keysSeen()).toEqual(["k0-0", "k0-1"]));
  });

  it("starts and stops with a cluster that is away", async () => {
    const away = { ...config(), events: { ...config().events, brokers: ["127.0.0.1:9"] } };
    const writer = broker.createService({
      name: "writer",
      mixins: [KafkaProducerMixin(away), KafkaConsumerMixin(away)],
      consumes: { group: "g", families: [FAMILY], handle: async () => undefined },
    } as unknown as ServiceSchema) as Service & KafkaProducerMembers;
    await broker.start();
    await expect(
      writer.eventPublisher.send(bench.messages(TODAY, 0, 0, 1), async () => undefined),
    ).rejects.toMatchObject({ kind: "UNAVAILABLE" });
  });
});

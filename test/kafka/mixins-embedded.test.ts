import { type Service, ServiceBroker, type ServiceSchema } from "moleculer";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Config, configOrThrow } from "../../config/index.ts";
import { topicOf } from "../../config/topics.ts";
import type { IncomingMessage, OutgoingMessage } from "../../lib/event-log/event-log.ts";
import {
  type Consumption,
  groupName,
  type KafkaConsumerMembers,
  KafkaConsumerMixin,
} from "../../mixins/kafka-consumer.mixin.ts";
import { type KafkaProducerMembers, KafkaProducerMixin } from "../../mixins/kafka-producer.mixin.ts";
import { emptyStore, type Store } from "../support/service.ts";
import { eventually, FAMILY } from "./kafka-bench.ts";

/** The same mixins without Kafka. */
let store: Store;
let config: Config;
let broker: ServiceBroker;
let seen: IncomingMessage[];
beforeEach(async () => {
  store = await emptyStore();
  config = configOrThrow(store.env);
  broker = new ServiceBroker({ logger: false });
  seen = [];
});
afterEach(async () => {
  await broker.stop();
  await store.remove();
});

function startService(): Promise<Service & KafkaProducerMembers & KafkaConsumerMembers> {
  const consumes: Consumption = {
    group: "listener",
    families: [FAMILY],
    types: ["POST_CREATE"],
    async handle(batch) {
      await this.broker.call("both.note");
      seen.push(...batch);
    },
  };
  const service = broker.createService({
    name: "both",
    mixins: [KafkaProducerMixin(config), KafkaConsumerMixin(config)],
    consumes,
    actions: { note: () => undefined },
  } as unknown as ServiceSchema);
  return broker.start().then(() => service as Service & KafkaProducerMembers & KafkaConsumerMembers);
}

const topic = () => topicOf(FAMILY, "20261125", config.events.namespace);

function message(partition: number, value: string, type = "POST_CREATE"): OutgoingMessage {
  return { topic: topic(), partition, key: `k${value}`, value, headers: { "event-type": type } };
}

it("send, follow, and read on where the last one stopped", async () => {
  const first = await startService();
  await first.eventPublisher.send(
    [message(0, "1"), message(0, "2", "POST_READ"), message(3, "3")],
    async () => undefined,
  );
  await eventually(() => expect(seen.map(({ value }) => String(value)).sort()).toEqual(["1", "3"]));
  await broker.stop();

  broker = new ServiceBroker({ logger: false });
  const second = await startService();
  await second.eventPublisher.send([message(0, "4")], async () => undefined);
  await eventually(() => expect(seen).toHaveLength(3));
  expect(String(seen[2]?.value)).toBe("4");
});

it("read a day once more", async () => {
  const service = await startService();
  await service.eventPublisher.send([message(0, "1"), message(5, "2")], async () => undefined);
  await eventually(() => expect(seen).toHaveLength(2));
  const again: string[] = [];
  for await (const batch of service.readTopic(topic()))
    again.push(...batch.map(({ value }) => String(value)));
  expect(again).toEqual(["1", "2"]);
  expect(seen).toHaveLength(2);

  const { datedTopics } = service;
  expect(await datedTopics.ensureAround()).toEqual([]);
  expect(await datedTopics.list()).toEqual([topic()]);
  const group = groupName(config.events.namespace, "listener");
  await eventually(async () => expect((await datedTopics.lag(group)).map(({ lag }) => lag)).toEqual([0, 0]));
});

it("refuse a family that doesn't exist", () => {
  const consumes: Consumption = { group: "g", families: ["nonsense"], handle: async () => undefined };
  const schema = { name: "wrong", mixins: [KafkaConsumerMixin(config)], consumes };
  expect(() => broker.createService(schema as unknown as ServiceSchema)).toThrow(/nonsense is no family/);
});

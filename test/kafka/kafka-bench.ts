import { randomUUID } from "node:crypto";
import type { Kafka } from "kafkajs";
import { ServiceBroker } from "moleculer";
import { describe, vi } from "vitest";
import { type Config, configOrThrow } from "../../config/index.ts";
import { topicOf } from "../../config/topics.ts";
import type { BatchHandler, IncomingMessage, OutgoingMessage } from "../../lib/event-log/event-log.ts";
import { kafkaClient } from "../../lib/kafka/client.ts";
import type { ClusterProbe } from "../../lib/kafka/cluster-probe.ts";
import { type KafkaEventLog, kafkaEventLog } from "../../lib/kafka/kafka-event-log.ts";
import { KafkaPublisher } from "../../lib/kafka/kafka-publisher.ts";
import type { KafkaSubscription } from "../../lib/kafka/kafka-subscription.ts";
import { TopicAdmin } from "../../lib/kafka/topic-admin.ts";

export const FAMILY = "member-activity";

const BROKERS = process.env.TEST_KAFKA_BROKERS;
/** Milliseconds; both end only what hangs: a broker on a busy machine takes its time for every join. */
const TEST_TIMEOUT = 300_000;
const PATIENCE = 90_000;

/** Runs where TEST_KAFKA_BROKERS names a cluster; elsewhere it says so, and is counted as skipped. */
export function describeKafka(name: string, body: () => void): void {
  describe.skipIf(!BROKERS)(name, { timeout: TEST_TIMEOUT }, body);
}
if (!BROKERS) {
  console.warn("KAFKA TESTS DID NOT RUN: set TEST_KAFKA_BROKERS=host:port (npm run servers -- up kafka)");
}

/** Quick to notice things, for tests. */
export const TIMES = {
  sessionTimeout: 6_000,
  heartbeatInterval: 300,
  clockInterval: 20,
  topicsInterval: 600_000,
  stopTimeout: 20_000,
};

/** A mesh of its own on the cluster, with a clock that the test sets. */
export class KafkaBench {
  readonly events: Config["events"];
  readonly topics: TopicAdmin;
  readonly probe: ClusterProbe;
  readonly publisher: KafkaPublisher;
  readonly readTopic: KafkaEventLog["readTopic"];
  readonly logger = new ServiceBroker({ logger: false }).getLogger("kafka");
  readonly kafka: () => Kafka;
  clock: number;
  readonly #subscriptions: KafkaSubscription[] = [];
  readonly #brokers: string;
  readonly #patient: KafkaPublisher;
  readonly #made = new Set<string>();

  constructor(start: string, variables: Record<string, string> = {}) {
    const namespace = `t-${randomUUID().slice(0, 8)}`;
    this.#brokers = variables.KAFKA_BROKERS ?? String(BROKERS);
    this.clock = Date.parse(start);
    this.events = configOrThrow({ KAFKA_BROKERS: this.#brokers, NAMESPACE: namespace, ...variables }).events;
    this.kafka = () =>
      kafkaClient({ brokers: this.events.brokers ?? [], clientId: namespace, logger: this.logger });
    const log = kafkaEventLog({
      events: this.events,
      clientId: namespace,
      logger: this.logger,
      now: () => this.clock,
      times: TIMES,
    });
    this.topics = log.topics;
    this.probe = log.probe;
    this.publisher = log.publisher;
    this.readTopic = log.readTopic;
    this.#patient = new KafkaPublisher({ connect: this.kafka, topics: this.topics, acks: this.events.acks });
  }

  /** Another node's view of the topics. */
  admin(now: () => number = () => this.clock): TopicAdmin {
    return new TopicAdmin({ kafka: this.kafka(), events: this.events, logger: this.logger, now });
  }

  topic(date: string): string {
    return topicOf(FAMILY, date, this.events.namespace);
  }

  group(name = "readers"): string {
    return `${this.events.namespace}-${name}`;
  }

  /** Messages `first`, `first + 1`, ... of one partition; the value is the number. */
  messages(date: string, partition: number, first: number, count: number): OutgoingMessage[] {
    return Array.from({ length: count }, (_, index) => ({
      topic: this.topic(date),
      partition,
      key: `k${partition}-${first + index}`,
      value: String(first + index),
      headers: { "event-type": "POST_CREATE" },
    }));
  }

  /** One try. */
  async send(...messages: readonly OutgoingMessage[]): Promise<void> {
    await this.publisher.send(messages, async () => undefined);
  }

  /**
   * As the outbox does: the same messages until they are confirmed. Into topics that are there, and with more patience
   * than the outbox has, so that few come twice.
   */
  async publish(...messages: readonly OutgoingMessage[]): Promise<void> {
    const missing = [...new Set(messages.map(({ topic }) => topic))].filter(
      (topic) => !this.#made.has(topic),
    );
    if (missing.length > 0) await eventually(() => this.topics.ensure(missing));
    for (const topic of missing) this.#made.add(topic);
    await eventually(() => this.#patient.send(messages, async () => undefined));
  }

  async read(
    handler: BatchHandler,
    { group = this.group(), now = () => this.clock, times = {} as Partial<typeof TIMES> } = {},
  ): Promise<KafkaSubscription> {
    const { subscriber } = kafkaEventLog({
      events: this.events,
      clientId: `${this.events.namespace}-${this.#subscriptions.length}`,
      logger: this.logger,
      now,
      times: { ...TIMES, ...times },
    });
    const subscription = await subscriber.subscribe({ group, families: [FAMILY], handler });
    this.#subscriptions.push(subscription);
    return subscription;
  }

  /** Sum of a group's lag, in one topic or in all. */
  async lag(group = this.group(), topic?: string): Promise<number> {
    const lag = await this.topics.lag(group);
    return lag.filter((of) => topic === undefined || of.topic === topic).reduce((sum, of) => sum + of.lag, 0);
  }

  /** Of today's topic. */
  async lagByPartition(group = this.group()): Promise<Record<number, number>> {
    const lag = await this.topics.lag(group);
    const today = this.topic(this.topics.today());
    return Object.fromEntries(lag.filter(({ topic }) => topic === today).map((of) => [of.partition, of.lag]));
  }

  async close(): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.stop()));
    await Promise.all([this.publisher.close(), this.#patient.close(), this.probe.close()]);
    const topics = await this.topics.list();
    const admin = this.kafka().admin();
    await admin.connect();
    if (topics.length > 0) await admin.deleteTopics({ topics: [...topics] });
    await admin.disconnect();
  }
}

/**
 * A handler that keeps what it gets, each message once: a send that had to be repeated on a slow
 * broker is there twice, which is all that the log promises.
 */
export function collector(): { readonly got: IncomingMessage[]; readonly handler: BatchHandler } {
  const got: IncomingMessage[] = [];
  const known = new Set<string>();
  const handler: BatchHandler = async (batch) => {
    for (const message of batch) {
      const identity = `${message.topic}/${message.partition}/${message.key}/${message.value}`;
      if (!known.has(identity)) got.push(message);
      known.add(identity);
    }
  };
  return { got, handler };
}

/** The numbers of a partition, in the order in which they came, repetitions left out. */
export function numbersOf(got: readonly IncomingMessage[], partition: number): number[] {
  const numbers = got.filter((message) => message.partition === partition).map(({ value }) => Number(value));
  return [...new Set(numbers)];
}

export function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

/** Waits until a check passes. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: PATIENCE, interval: 25 });
}

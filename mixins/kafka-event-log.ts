import type { Logger } from "moleculer";
import type { Config } from "../config/index.ts";
import { EmbeddedLog } from "../lib/event-log/embedded-log.ts";
import type { EventPublisher, EventSubscriber, IncomingMessage } from "../lib/event-log/event-log.ts";
import type { HealthCheck } from "../lib/health/health-check.ts";
import type { TopicLag } from "../lib/kafka/group-offsets.ts";
import { kafkaEventLog } from "../lib/kafka/kafka-event-log.ts";
import type { DropReport } from "../lib/kafka/topic-retention.ts";
import { leaseDatabase } from "../lib/sql/shared-database.ts";

/** What both Kafka mixins take: the configuration, as it is. */
export interface KafkaMixinOptions extends Pick<Config, "events" | "mesh" | "database"> {
  /** Epoch milliseconds; the clock that decides about the dates of topics. */
  readonly now?: () => number;
}

/** The dated topics of an event log. Every method may run on several nodes at once. */
export interface DatedTopics {
  /** Makes yesterday's, today's and tomorrow's topics; resolves to those made here. */
  ensureAround(): Promise<readonly string[]>;
  list(): Promise<readonly string[]>;
  /** What a group (its full name) has not read, by partition. */
  lag(group: string): Promise<readonly TopicLag[]>;
  /** Drops topics more than `days` days old that every group has read, the named ones too; keeps the others. */
  dropRead(days: number, groups?: readonly string[]): Promise<DropReport>;
}

/** An event log, whichever it is. */
export interface OpenEventLog {
  readonly publisher: EventPublisher;
  readonly subscriber: EventSubscriber;
  /** Reads a topic from its beginning to its present end, partition by partition in order, for no group. */
  readonly readTopic: (topic: string) => AsyncIterable<readonly IncomingMessage[]>;
  readonly topics: DatedTopics;
  readonly healthChecks: readonly HealthCheck[];
  /** Resolves when it can be used. */
  readonly ready: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Kafka where `KAFKA_BROKERS` is set, else tables of the database. */
export function openEventLog(options: KafkaMixinOptions, logger: Logger): OpenEventLog {
  return options.events.brokers ? openKafka(options, logger) : openEmbedded(options, logger);
}

function openKafka({ events, mesh, now }: KafkaMixinOptions, logger: Logger): OpenEventLog {
  const { topics, probe, publisher, subscriber, readTopic } = kafkaEventLog({
    events,
    clientId: mesh.nodeId,
    logger,
    now,
  });
  return {
    publisher,
    subscriber,
    readTopic,
    topics,
    healthChecks: [{ name: "kafka", effect: "degrading", check: () => probe.ping() }],
    // A cluster that is away stops nothing: what needs it waits.
    ready: async () => undefined,
    close: async () => {
      await Promise.all([publisher.close(), probe.close()]);
    },
  };
}

function openEmbedded({ events, mesh, database, now }: KafkaMixinOptions, logger: Logger): OpenEventLog {
  const lease = leaseDatabase(database);
  const { namespace, timeZone } = events;
  const log = new EmbeddedLog({
    database: lease.database,
    namespace,
    timeZone,
    node: mesh.nodeId,
    logger,
    now,
  });
  return {
    publisher: log,
    subscriber: log,
    readTopic: (topic) => log.readTopic(topic),
    topics: {
      // A topic is there once something is sent.
      ensureAround: async () => [],
      list: async () => [...new Set((await log.lag("")).map(({ topic }) => topic))],
      lag: (group) => log.lag(group),
      dropRead: (days, groups) => log.dropRead(days, groups),
    },
    healthChecks: [],
    ready: () => lease.ready(),
    close: () => lease.release(),
  };
}

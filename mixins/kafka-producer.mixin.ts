import type { Service, ServiceSchema } from "moleculer";
import type { EventPublisher } from "../lib/event-log/event-log.ts";
import type { HealthCheck } from "../lib/health/health-check.ts";
import { type KafkaEventLog, kafkaEventLog } from "../lib/kafka/kafka-event-log.ts";
import type { TopicAdmin } from "../lib/kafka/topic-admin.ts";
import type { KafkaMixinOptions } from "./kafka-options.ts";

/** What a service with `KafkaProducerMixin` has. */
export interface KafkaProducerMembers {
  /** Where events are sent; from `started` on. What a failed send means is the service's decision. */
  eventPublisher: EventPublisher;
  /** The dated topics; undefined where the event log is embedded. */
  topicAdmin: TopicAdmin | undefined;
  healthChecks: HealthCheck[];
}

type Self = Service & KafkaProducerMembers & { kafkaProducerLog: KafkaEventLog | undefined };

/**
 * Gives a service `this.eventPublisher`: Kafka where `KAFKA_BROKERS` is set, else the embedded log.
 * A cluster that is away never stops the start: sends fail until it is back.
 */
export function KafkaProducerMixin({ events, mesh, now }: KafkaMixinOptions): Partial<ServiceSchema> {
  return {
    name: "",
    created(this: Self) {
      if (events.brokers === undefined) return;
      const log = kafkaEventLog({ events, clientId: mesh.nodeId, logger: this.logger, now });
      this.kafkaProducerLog = log;
      this.eventPublisher = log.publisher;
      this.topicAdmin = log.topics;
      this.healthChecks = [
        ...(this.healthChecks ?? []),
        { name: "kafka", effect: "degrading", check: () => log.topics.ping() },
      ];
    },
    started(this: Self) {
      // Not awaited, nor needed: a send makes the topic that it misses.
      this.topicAdmin?.ensureAround().catch((err: unknown) => {
        this.logger.warn({ err }, "the topics of today can't be made now");
      });
    },
    async stopped(this: Self) {
      await this.kafkaProducerLog?.publisher.close();
    },
  } as unknown as Partial<ServiceSchema>;
}

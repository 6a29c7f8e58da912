import type { Service, ServiceSchema } from "moleculer";
import type { EventPublisher } from "../lib/event-log/event-log.ts";
import type { HealthCheck } from "../lib/health/health-check.ts";
import {
  type DatedTopics,
  type KafkaMixinOptions,
  type OpenEventLog,
  openEventLog,
} from "./kafka-event-log.ts";

/** What a service with `KafkaProducerMixin` has, from `created` on; to be used from `started` on. */
export interface KafkaProducerMembers {
  /** Where events are sent. What a failed send means is the service's decision. */
  eventPublisher: EventPublisher;
  datedTopics: DatedTopics;
  healthChecks: HealthCheck[];
}

type Self = Service & KafkaProducerMembers & { producerLog: OpenEventLog };

/**
 * Gives a service `this.eventPublisher`: Kafka where `KAFKA_BROKERS` is set, else the embedded log.
 * A cluster that is away never stops the start: sends fail until it is back.
 */
export function KafkaProducerMixin(options: KafkaMixinOptions): Partial<ServiceSchema> {
  return {
    name: "",
    created(this: Self) {
      this.producerLog = openEventLog(options, this.logger);
      this.eventPublisher = this.producerLog.publisher;
      this.datedTopics = this.producerLog.topics;
      this.healthChecks = [...(this.healthChecks ?? []), ...this.producerLog.healthChecks];
    },
    async started(this: Self) {
      await this.producerLog.ready();
      // Not awaited, nor needed: a send makes the topic that it misses.
      this.datedTopics.ensureAround().catch((err: unknown) => {
        this.logger.warn({ err }, "the topics of today can't be made now");
      });
    },
    async stopped(this: Self) {
      await this.producerLog.close();
    },
  } as unknown as Partial<ServiceSchema>;
}

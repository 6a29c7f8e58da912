import { setTimeout } from "node:timers/promises";
import type { Service, ServiceSchema } from "moleculer";
import type { EventType } from "../contracts/events.ts";
import type { EventSubscriber, EventSubscription, IncomingMessage } from "../lib/event-log/event-log.ts";
import type { HealthCheck } from "../lib/health/health-check.ts";
import { type KafkaEventLog, kafkaEventLog } from "../lib/kafka/kafka-event-log.ts";
import type { KafkaMixinOptions } from "./kafka-options.ts";

/** What a service takes from the event log: it stands in the schema, as `consumes`, next to the actions. */
export interface Consumption<This = Service> {
  /** Name of the consumer group, without the namespace. */
  readonly group: string;
  readonly families: readonly string[];
  /** The types it takes; left out = all. A message that tells no type is handed over all the same. */
  readonly types?: readonly EventType[];
  /**
   * Takes one batch of one partition, in order; it may come again. Resolves when its effects are done: then they are
   * committed. When it rejects, the partition waits and the same messages come again: parking is the service's work.
   */
  readonly handle: (this: This, batch: readonly IncomingMessage[]) => Promise<void>;
}

/** What a service with `KafkaConsumerMixin` has. */
export interface KafkaConsumerMembers {
  /** From `started` on. */
  eventSubscriber: EventSubscriber;
  healthChecks: HealthCheck[];
}

type Self = Service &
  KafkaConsumerMembers & {
    kafkaConsumerLog: KafkaEventLog | undefined;
    eventSubscription: Promise<EventSubscription | undefined> | undefined;
    isConsumptionStopped: boolean;
  };

/** How often a starting service looks whether its actions can be called (milliseconds). */
const REGISTRATION_INTERVAL = 20;

/** The group's full name: several meshes may share a cluster. */
export function groupName(namespace: string, group: string): string {
  return `${namespace}-${group}`;
}

/**
 * Lets a service follow what its schema's `consumes` names: in Kafka where `KAFKA_BROKERS` is set, else in the embedded
 * log. Begins once the service can be called, and stops, with what is in hand done, before the service does.
 */
export function KafkaConsumerMixin({ events, mesh, now }: KafkaMixinOptions): Partial<ServiceSchema> {
  async function follow(service: Self): Promise<EventSubscription | undefined> {
    const consumption = (service.schema as { consumes?: Consumption }).consumes;
    if (!consumption) return undefined;
    if (!(await becomesCallable(service))) return undefined;
    const { group, families, types, handle } = consumption;
    return service.eventSubscriber.subscribe({
      group: groupName(events.namespace, group),
      families,
      handler: async (batch) => {
        const taken = types ? batch.filter((message) => isTaken(message, types)) : batch;
        if (taken.length > 0) await handle.call(service, taken);
      },
    });
  }

  return {
    name: "",
    created(this: Self) {
      this.isConsumptionStopped = false;
      if (events.brokers === undefined) return;
      const log = kafkaEventLog({ events, clientId: mesh.nodeId, logger: this.logger, now });
      this.kafkaConsumerLog = log;
      this.eventSubscriber = log.subscriber;
      this.healthChecks = [
        ...(this.healthChecks ?? []),
        { name: "kafka", effect: "degrading", check: () => log.topics.ping() },
      ];
    },
    started(this: Self) {
      this.eventSubscription = follow(this).catch((err: unknown) => {
        this.logger.error({ err }, "events are not followed");
        return undefined;
      });
    },
    async stopped(this: Self) {
      this.isConsumptionStopped = true;
      const subscription = await this.eventSubscription;
      await subscription?.stop();
    },
  } as unknown as Partial<ServiceSchema>;
}

/** Handlers call actions, the service's own too, and a service is registered only after it started. */
async function becomesCallable(service: Self): Promise<boolean> {
  while (!service.isConsumptionStopped) {
    if (service.broker.registry.hasService(service.fullName, service.broker.nodeID)) return true;
    await setTimeout(REGISTRATION_INTERVAL, undefined, { ref: false });
  }
  return false;
}

function isTaken({ headers }: IncomingMessage, types: readonly EventType[]): boolean {
  const type = headers["event-type"];
  return type === undefined || types.some((taken) => taken === type);
}

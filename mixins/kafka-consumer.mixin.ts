import { setTimeout } from "node:timers/promises";
import type { Service, ServiceSchema } from "moleculer";
import { familyOrThrow, topicOf } from "../config/topics.ts";
import type { EventType } from "../contracts/events.ts";
import type { EventSubscriber, EventSubscription, IncomingMessage } from "../lib/event-log/event-log.ts";
import type { HealthCheck } from "../lib/health/health-check.ts";
import { datesOf } from "../lib/kafka/calendar.ts";
import { metrics, onScrape, reading } from "../lib/metrics/metrics.ts";
import { type KafkaMixinOptions, type OpenEventLog, openEventLog } from "./kafka-event-log.ts";

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

/** What a service with `KafkaConsumerMixin` has, from `created` on; to be used from `started` on. */
export interface KafkaConsumerMembers {
  eventSubscriber: EventSubscriber;
  /** Reads a topic once more from its beginning to its present end, for no group. */
  readTopic: OpenEventLog["readTopic"];
  healthChecks: HealthCheck[];
}

type Self = Service &
  KafkaConsumerMembers & {
    consumerLog: OpenEventLog;
    eventSubscription: Promise<EventSubscription | undefined> | undefined;
    isConsumptionStopped: boolean;
    hideLag: () => void;
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
export function KafkaConsumerMixin(options: KafkaMixinOptions): Partial<ServiceSchema> {
  async function follow(service: Self): Promise<EventSubscription | undefined> {
    const consumption = consumptionOf(service);
    if (!consumption) return undefined;
    if (!(await becomesCallable(service))) return undefined;
    const { group, families, types, handle } = consumption;
    return service.eventSubscriber.subscribe({
      group: groupName(options.events.namespace, group),
      families,
      handler: async (batch) => {
        const taken = types ? batch.filter((message) => isTaken(message, types)) : batch;
        if (taken.length > 0) await handle.call(service, taken);
        metrics()?.eventsConsumed.inc({ group }, batch.length);
      },
    });
  }

  /** One source for the group, whichever of its members is asked. */
  function showLag({ eventSubscriber }: Self, { group, families }: Consumption): () => void {
    const { namespace } = options.events;
    return onScrape(async ({ consumerLag }) => {
      const lags = await eventSubscriber.lag(groupName(namespace, group));
      return families.map((family) => {
        const own = lags.filter(({ topic }) => datesOf(topicOf(family, "", namespace), [topic]).length > 0);
        const unread = own.reduce((sum, { lag }) => sum + Number(lag), 0);
        return reading(consumerLag, unread, { group, family });
      });
    });
  }

  return {
    name: "",
    created(this: Self) {
      for (const family of consumptionOf(this)?.families ?? []) familyOrThrow(family);
      this.isConsumptionStopped = false;
      this.consumerLog = openEventLog(options, this.logger);
      this.eventSubscriber = this.consumerLog.subscriber;
      this.readTopic = this.consumerLog.readTopic;
      this.healthChecks = [...(this.healthChecks ?? []), ...this.consumerLog.healthChecks];
    },
    async started(this: Self) {
      await this.consumerLog.ready();
      const consumption = consumptionOf(this);
      this.hideLag = consumption ? showLag(this, consumption) : () => undefined;
      this.eventSubscription = follow(this).catch((err: unknown) => {
        this.logger.error({ err }, "events are not followed");
        return undefined;
      });
    },
    async stopped(this: Self) {
      this.isConsumptionStopped = true;
      this.hideLag?.();
      const subscription = await this.eventSubscription;
      await subscription?.stop();
      await this.consumerLog.close();
    },
  } as unknown as Partial<ServiceSchema>;
}

function consumptionOf(service: Service): Consumption | undefined {
  return (service.schema as { consumes?: Consumption }).consumes;
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

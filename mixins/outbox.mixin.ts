import type { Service, ServiceBroker, ServiceSchema } from "moleculer";
import type { Config } from "../config/index.ts";
import type { DeadLetterRepository } from "../lib/documents/dead-letter.ts";
import type { OutgoingMessage } from "../lib/event-log/event-log.ts";
import type { HealthCheck } from "../lib/health/health-check.ts";
import { LeaseStore } from "../lib/leases/lease-store.ts";
import { CallPublisher } from "../lib/outbox/call-publisher.ts";
import { OutboxPublisher } from "../lib/outbox/outbox-publisher.ts";
import type { Park } from "../lib/outbox/outbox-sender.ts";
import { OutboxWriter } from "../lib/outbox/outbox-writer.ts";
import { paced } from "../lib/resilience/paced.ts";
import { type DatabaseLease, leaseDatabase } from "../lib/sql/shared-database.ts";
import { type DocumentsMembers, DocumentsMixin } from "./documents.mixin.ts";
import { type OpenEventLog, openEventLog } from "./kafka-event-log.ts";

export type OutboxOptions = Pick<Config, "events" | "mesh" | "database" | "documents">;

/** What a service with `OutboxMixin` has, from `created` on. */
export interface OutboxMembers {
  /** Writes down what is to be told, in the transaction of what it tells. */
  outbox: OutboxWriter;
  /** The process's publisher, for metrics and for whoever wants to look. */
  outboxPublisher: OutboxPublisher;
  healthChecks: HealthCheck[];
}

type Self = Service & OutboxMembers & DocumentsMembers & { sharedOutbox: SharedOutbox };

interface SharedOutbox {
  readonly database: DatabaseLease;
  readonly log: OpenEventLog;
  readonly publisher: OutboxPublisher;
  users: number;
}

/** Takes events by call where `PUBLISH_TYPE=call`. */
const CONSUMER_ACTION = "activity.applyEvents";
/** The same, where the mesh has them: what search misses otherwise, its check of the index finds. */
const OPTIONAL_CONSUMER_ACTIONS = ["search.applyEvents", "image.applyEvents"];
/** Milliseconds that a consumer may take for a batch. */
const CONSUMER_TIMEOUT = 10_000;

const shared = new Map<string, SharedOutbox>();

/**
 * Gives a service `this.outbox`. One publisher of the process sends what any of its services has written, from the
 * moment the first has started until the last is stopped, and is nudged by each commit. What can't be sent goes to the
 * dead letters.
 */
export function OutboxMixin(options: OutboxOptions): Partial<ServiceSchema> {
  const key = JSON.stringify([options.database, options.events]);
  return {
    name: "",
    mixins: [DocumentsMixin({ ...options, health: "degrading" })],
    created(this: Self) {
      const entry = shared.get(key) ?? open(options, this);
      shared.set(key, entry);
      entry.users++;
      const { publisher, database, log } = entry;
      this.sharedOutbox = entry;
      this.outboxPublisher = publisher;
      this.outbox = new OutboxWriter(database.database, {
        timeZone: options.events.timeZone,
        onCommit: (partitions) => publisher.nudge(partitions),
      });
      this.healthChecks = [...(this.healthChecks ?? []), ...log.healthChecks];
    },
    async started(this: Self) {
      await this.sharedOutbox.database.ready();
      this.sharedOutbox.publisher.start();
      // Not awaited, nor needed: a send makes the topic that it misses.
      this.sharedOutbox.log.topics.ensureAround().catch((err: unknown) => {
        this.logger.warn({ err }, "the topics of today can't be made now");
      });
    },
    async stopped(this: Self) {
      const entry = this.sharedOutbox;
      if (--entry.users > 0) return;
      shared.delete(key);
      await entry.publisher.stop();
      await entry.log.close();
      await entry.database.release();
    },
  } as unknown as Partial<ServiceSchema>;
}

/** Everything is the process's own, not the service's, which may stop before the others. */
function open(options: OutboxOptions, { broker, logger, deadLetters }: Self): SharedOutbox {
  const { events, mesh } = options;
  const database = leaseDatabase(options.database);
  const log = openEventLog(options, logger);
  const publisher = new OutboxPublisher({
    database: database.database,
    leases: new LeaseStore(database.database),
    log: events.publishType === "call" ? new CallPublisher(callConsumers(broker)) : log.publisher,
    park: parkAmong(deadLetters),
    logger,
    node: mesh.nodeId,
    namespace: events.namespace,
    timeZone: events.timeZone,
    keepMs: events.outboxKeep,
  });
  return { database, log, publisher, users: 0 };
}

/** Hands messages to the consumers by call. Rejects as long as one of them has not taken all. */
export function callConsumers(broker: ServiceBroker) {
  const hand = (action: string, messages: readonly object[]) =>
    paced(() => broker.call(action, { messages }, { timeout: CONSUMER_TIMEOUT }));
  return async (outgoing: readonly OutgoingMessage[]): Promise<void> => {
    const messages = outgoing.map(({ topic, partition, key, value }) => ({ topic, partition, key, value }));
    await hand(CONSUMER_ACTION, messages);
    for (const action of OPTIONAL_CONSUMER_ACTIONS) {
      if (broker.registry.actions.isAvailable(action)) await hand(action, messages);
    }
  };
}

function parkAmong(deadLetters: DeadLetterRepository): Park {
  return async ({ messageKey, eventId, partition, payload }, failure) => {
    const letter = { consumer: null, messageKey, eventId, partition, payload, error: null, at: Date.now() };
    await deadLetters.add([{ ...letter, ...failure, side: "PUBLISHER" }]);
  };
}

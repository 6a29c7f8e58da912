import { CompressionTypes, Partitioners } from "kafkajs";
import { ServiceBroker, type ServiceSchema } from "moleculer";
import type { Config } from "../../../config/index.ts";
import { topicOf } from "../../../config/topics.ts";
import type { RecordedEvent } from "../../../lib/documents/activity-record.ts";
import { MAX_BATCH } from "../../../lib/documents/activity-repository.ts";
import type { EventMessage } from "../../../lib/event-log/event-reading.ts";
import { SeenEvents } from "../../../lib/event-log/seen-events.ts";
import { kafkaClient } from "../../../lib/kafka/client.ts";
import { GroupReader } from "../../../lib/kafka/group-reader.ts";
import { kafkaEventLog } from "../../../lib/kafka/kafka-event-log.ts";
import { SUBSCRIPTION_TIMES } from "../../../lib/kafka/kafka-subscription.ts";
import { type DocumentsMembers, DocumentsMixin } from "../../../mixins/documents.mixin.ts";
import { type RedisMembers, RedisMixin } from "../../../mixins/redis.mixin.ts";
import { EventApplier } from "../../../services/activity/event-applier.ts";
import { readMessage } from "../../../services/activity/event-reading.ts";
import { median } from "../statistics.ts";
import { type Arm, alternate, type Findings, perSecond, ratios, spread } from "./rounds.ts";
import { sampleMessages } from "./sample-events.ts";

/** Messages of one round: in batches, and one by one. */
const BATCHED = 10 * MAX_BATCH;
const SINGLES = 200;
const LEAST_OF_GROUPED = 0.5;
const LEAST_OF_SINGLE = 25;
const FAMILY = "member-activity";

interface Way {
  /** Its topic's date, which also names its group. */
  readonly date: string;
  readonly messages: number;
  readonly batchSize: number;
  readonly handle: (batch: readonly EventMessage[]) => Promise<unknown>;
}

/**
 * Messages of one partition through the product's reader, which commits their offsets after the handler: the activity
 * service's handler with 500 at once, with the filter in Redis and the write in MongoDB; against the same grouped write
 * without the filter; and against the same handler that is given one message at a time.
 */
export async function compareConsuming(config: Config, rounds: number): Promise<Findings> {
  const broker = new ServiceBroker({ logLevel: "error" });
  const service = broker.createService({
    name: "bench",
    mixins: [DocumentsMixin({ ...config, health: "required" }), RedisMixin(config.redis)],
  } as unknown as ServiceSchema) as unknown as DocumentsMembers & RedisMembers;
  await broker.start();
  await groupsAreServed(config, broker.logger);
  try {
    const { activities, deadLetters, keyValue } = service;
    const seen = new SeenEvents(keyValue, config.events.dedupTtl);
    const applier = new EventApplier({ activities, deadLetters, seen, logger: broker.logger });
    const way = (date: string, messages: number, batchSize: number, handle: Way["handle"]) =>
      armOf(config, broker, { date, messages, batchSize, handle });
    const arms = {
      filtered: way("19700102", BATCHED, MAX_BATCH, (batch) => applier.apply(batch)),
      grouped: way("19700103", BATCHED, MAX_BATCH, (batch) => activities.apply(batch.map(recordedOrThrow))),
      single: way("19700104", SINGLES, 1, (batch) => applier.apply(batch)),
    };
    const { filtered, grouped, single } = await alternate(rounds, async () => arms);
    const batch = sampleMessages(MAX_BATCH);
    const [first, again] = [await applier.apply(batch), await applier.apply(batch)];

    const ofGrouped = ratios(grouped, filtered);
    const ofSingle = ratios(single, filtered);
    return {
      figures: [
        `consumer with de-duplication: ${perSecond(filtered)}; grouped write without: ${perSecond(grouped)}; one message a write: ${perSecond(single)}`,
        `  ${spread(ofGrouped)} x the grouped write, ${spread(ofSingle, 1)} x one message a write`,
        `a batch that comes again: ${again.repeated} of ${first.recorded} dropped`,
      ],
      missed: [
        ...(median(ofGrouped) >= LEAST_OF_GROUPED
          ? []
          : [`consuming is less than ${LEAST_OF_GROUPED} x the grouped write`]),
        ...(median(ofSingle) >= LEAST_OF_SINGLE
          ? []
          : [`consuming is less than ${LEAST_OF_SINGLE} x one message a write`]),
        ...(again.repeated === MAX_BATCH ? [] : ["repeated messages were not recognised"]),
      ],
    };
  } finally {
    await broker.stop();
  }
}

/** Fills a topic, then reads it: from the first message that the handler gets to the end of the last. */
function armOf(config: Config, { logger }: ServiceBroker, { date, messages, batchSize, handle }: Way): Arm {
  const { brokers = [], namespace } = config.events;
  const topic = topicOf(FAMILY, date, namespace);
  const group = `bench-${date}`;
  return async () => {
    await fill(config, logger, topic, messages);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    let startedAt: number | undefined;
    let left = messages;
    const reader = new GroupReader({
      kafka: kafkaClient({ brokers, clientId: group, logger }),
      group,
      topics: [topic],
      batchSize,
      logger,
      sessionTimeout: SUBSCRIPTION_TIMES.sessionTimeout,
      heartbeatInterval: SUBSCRIPTION_TIMES.heartbeatInterval,
      onCrash: reject,
      handler: async (batch) => {
        startedAt ??= performance.now();
        await handle(batch.map(({ key, value }) => ({ key: key ?? "", value })));
        left -= batch.length;
        if (left === 0) resolve(((performance.now() - startedAt) * 1_000) / messages);
      },
    });
    await reader.start();
    try {
      return await promise;
    } finally {
      await reader.stop();
    }
  };
}

/** A cluster that has just started knows its topics before it serves groups. */
async function groupsAreServed(config: Config, logger: ServiceBroker["logger"]): Promise<void> {
  const admin = kafkaClient({ brokers: config.events.brokers ?? [], clientId: "bench", logger }).admin();
  await admin.connect();
  for (let attempt = 1; ; attempt++) {
    try {
      await admin.fetchOffsets({ groupId: "bench-19700102" });
      break;
    } catch (error) {
      if (attempt === 10) throw error;
    }
  }
  await admin.disconnect();
}

async function fill(
  config: Config,
  logger: ServiceBroker["logger"],
  topic: string,
  count: number,
): Promise<void> {
  const log = kafkaEventLog({ events: config.events, clientId: "bench", logger });
  await log.topics.ensure([topic]);
  await log.publisher.close();
  const kafka = kafkaClient({ brokers: config.events.brokers ?? [], clientId: "bench", logger });
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  for (let start = 0; start < count; start += MAX_BATCH) {
    const messages = sampleMessages(Math.min(MAX_BATCH, count - start)).map((message) => ({
      ...message,
      partition: 0,
    }));
    await producer.send({ topic, acks: 1, compression: CompressionTypes.GZIP, messages });
  }
  await producer.disconnect();
}

function recordedOrThrow(message: EventMessage): RecordedEvent {
  const reading = readMessage(message);
  if (reading.kind !== "event") throw new Error(`${message.key} can't be recorded`);
  return reading.event;
}

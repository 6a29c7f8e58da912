import { CompressionTypes, type Kafka, Partitioners } from "kafkajs";
import type { Logger } from "moleculer";
import type { Config } from "../../../config/index.ts";
import { dateIn, familyOrThrow, topicOf } from "../../../config/topics.ts";
import type { OutgoingMessage } from "../../../lib/event-log/event-log.ts";
import { kafkaClient } from "../../../lib/kafka/client.ts";
import { endsOf } from "../../../lib/kafka/group-offsets.ts";
import { kafkaEventLog } from "../../../lib/kafka/kafka-event-log.ts";
import { LeaseStore } from "../../../lib/leases/lease-store.ts";
import { OutboxRepository } from "../../../lib/outbox/outbox.repository.ts";
import { messageOf } from "../../../lib/outbox/outbox-message.ts";
import { OutboxPublisher } from "../../../lib/outbox/outbox-publisher.ts";
import { OutboxWriter } from "../../../lib/outbox/outbox-writer.ts";
import type { Database } from "../../../lib/sql/database.ts";
import { median } from "../statistics.ts";
import { alternate, type Findings, perSecond, ratios, spread, timeEach } from "./rounds.ts";
import { sampleEvents } from "./sample-events.ts";

export interface PublishingOptions {
  readonly config: Config;
  readonly database: Database;
  readonly logger: Logger;
  readonly rounds: number;
  /** Of one round. */
  readonly events: number;
}

const BATCH_SIZE = 500;
const LEAST_RATIO = 0.8;
const FAMILY = "member-activity";
const BARE_DATE = "19700101";
const PARTITIONS = Array.from({ length: familyOrThrow(FAMILY).partitions }, (_, partition) => partition);

/**
 * Rows of the outbox through the publisher into Kafka, until they are marked as sent, against kafkajs's `sendBatch` of
 * the same messages, 500 at a time in the order of their ids, as compressed and as confirmed, on the same broker.
 */
export async function comparePublishing(options: PublishingOptions): Promise<Findings> {
  const { config, database, logger, rounds, events: count } = options;
  const { namespace, timeZone, brokers = [] } = config.events;
  const log = kafkaEventLog({ events: config.events, clientId: "bench", logger });
  const bareTopic = topicOf(FAMILY, BARE_DATE, namespace);
  await log.topics.ensureAround();
  await log.topics.ensure([bareTopic]);
  const writer = new OutboxWriter(database, { timeZone });
  const outbox = new OutboxRepository(database);
  const publisher = new OutboxPublisher({
    database,
    leases: new LeaseStore(database),
    log: log.publisher,
    park: () => Promise.reject(new Error("nothing should be parked")),
    logger,
    node: "bench",
    namespace,
    timeZone,
    keepMs: config.events.outboxKeep,
  });
  const kafka = kafkaClient({ brokers, clientId: "bare", logger });
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();

  const write = async (): Promise<OutgoingMessage[][]> => {
    for (let start = 0; start < count; start += BATCH_SIZE) {
      const batch = sampleEvents(Math.min(BATCH_SIZE, count - start));
      await database.transaction((transaction) =>
        writer.append(batch, { transaction, requestId: "0197f4f2-5a5e-7cc1-9d7b-2f6c0a4f3e10" }),
      );
    }
    const rows = await outbox.waiting(PARTITIONS, count, { attempts: 1, at: 0 });
    const messages = rows
      .toSorted((a, b) => a.id - b.id)
      .map((row) => messageOf(row, { date: dateIn(timeZone, Date.now()), namespace }));
    return Array.from({ length: Math.ceil(count / BATCH_SIZE) }, (_, index) =>
      messages.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE),
    );
  };
  const publish = async (): Promise<void> => {
    while (await publisher.flush());
  };
  const sendBare = async (batches: readonly OutgoingMessage[][]): Promise<void> => {
    for (const messages of batches) {
      await producer.sendBatch({
        acks: 1,
        compression: CompressionTypes.GZIP,
        topicMessages: [{ topic: bareTopic, messages }],
      });
    }
  };

  const { ours, bare } = await alternate(rounds, async () => {
    const batches = await write();
    return { ours: () => timeEach(count, publish), bare: () => timeEach(count, () => sendBare(batches)) };
  });
  const topics = (await log.topics.list()).filter((topic) => topic !== bareTopic);
  const [sent, sentBare] = await messagesIn(kafka, [topics, [bareTopic]]);
  await Promise.all([publisher.stop(), producer.disconnect()]);
  await log.publisher.close();

  const ratio = ratios(bare, ours);
  return {
    figures: [
      `outbox to Kafka: ${perSecond(ours)}; bare sendBatch: ${perSecond(bare)}; ${spread(ratio)} x as fast`,
      `messages in the topics: ${sent} and ${sentBare}`,
    ],
    missed: [
      ...(median(ratio) >= LEAST_RATIO ? [] : [`publishing is less than ${LEAST_RATIO} x bare sendBatch`]),
      ...(sent === sentBare && sent === count * (rounds + 1) ? [] : ["not the same was published"]),
    ],
  };
}

/** How many messages there are in each of these sets of topics. */
async function messagesIn(kafka: Kafka, sets: readonly (readonly string[])[]): Promise<number[]> {
  const admin = kafka.admin();
  await admin.connect();
  const counts: number[] = [];
  for (const topics of sets) {
    const ends = [...(await endsOf(admin, topics)).values()].flat();
    counts.push(ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0));
  }
  await admin.disconnect();
  return counts;
}

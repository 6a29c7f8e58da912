import { randomUUID } from "node:crypto";
import type { Admin, EachBatchPayload, Kafka } from "kafkajs";
import type { IncomingMessage } from "../event-log/event-log.ts";
import { endsOf } from "./group-offsets.ts";
import { incoming } from "./partition-work.ts";

/** What is handed over, and how its giver learns that it is done with. */
interface Handover {
  readonly partition: number;
  /** Whether its partition ends with it. */
  readonly isLast: boolean;
  readonly batch: readonly IncomingMessage[];
  readonly done: () => void;
}

const SESSION_TIMEOUT = 30_000;
const HEARTBEAT_INTERVAL = 3_000;
const MAX_WAIT = 250;

/**
 * Reads a topic from its first message to what is its last one now, each partition in order; whoever takes the batches
 * sets the pace. The group that Kafka wants for it is of this reading only, and deleted after it.
 */
export async function* readTopic(
  kafka: Kafka,
  topic: string,
  namespace: string,
): AsyncGenerator<readonly IncomingMessage[]> {
  const ends = await unreadEnds(kafka, topic);
  if (ends.size === 0) return;
  const groupId = `${namespace}-once-${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: SESSION_TIMEOUT,
    heartbeatInterval: HEARTBEAT_INTERVAL,
    maxWaitTimeInMs: MAX_WAIT,
    allowAutoTopicCreation: false,
    retry: { retries: 3, restartOnFailure: async () => false },
  });
  let isOver = false;
  let offer = newOffer();
  consumer.on("consumer.crash", ({ payload }) => offer.reject(payload.error));

  async function hand(payload: EachBatchPayload): Promise<void> {
    const { partition, messages } = payload.batch;
    const end = ends.get(partition);
    const last = messages.at(-1);
    if (isOver || end === undefined || !last) return;
    const batch = messages
      .filter(({ offset }) => BigInt(offset) < end)
      .map((message) => incoming(topic, partition, message));
    const isLast = BigInt(last.offset) + 1n >= end;
    const beat = setInterval(() => payload.heartbeat().catch(() => undefined), HEARTBEAT_INTERVAL);
    await new Promise<void>((done) => {
      offer.resolve({ partition, isLast, batch, done });
    });
    clearInterval(beat);
    payload.resolveOffset(last.offset);
  }

  let current: Handover | undefined;
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: hand });
    while (ends.size > 0) {
      current = await offer.promise;
      offer = newOffer();
      if (current.batch.length > 0) yield current.batch;
      if (current.isLast) ends.delete(current.partition);
      current.done();
    }
  } finally {
    isOver = true;
    current?.done();
    await consumer.disconnect().catch(() => undefined);
    await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
}

function newOffer() {
  const offer = Promise.withResolvers<Handover>();
  // A crash is told to whoever waits; nobody may be waiting.
  offer.promise.catch(() => undefined);
  return offer;
}

/** The end of each partition that holds something. */
async function unreadEnds(kafka: Kafka, topic: string): Promise<Map<number, bigint>> {
  return withAdmin(kafka, async (admin) => {
    if (!(await admin.listTopics()).includes(topic)) return new Map();
    const partitions = [...(await endsOf(admin, [topic])).values()].flat();
    return new Map(
      partitions
        .filter(({ low, high }) => low !== high)
        .map(({ partition, high }) => [partition, BigInt(high)]),
    );
  });
}

async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

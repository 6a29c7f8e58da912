import { setTimeout as sleep } from "node:timers/promises";
import { type Admin, Kafka, logLevel } from "kafkajs";
import { MongoClient } from "mongodb";
import { configOrThrow } from "../../../config/index.ts";
import type { MemberActivityEvent } from "../../../contracts/events.ts";
import { stopIdleTimers } from "../../../lib/kafka/request-queue-patch.ts";
import { Database } from "../../../lib/sql/database.ts";
import { sql } from "../../../lib/sql/sql.ts";
import type { CommittedEvent, StoredActivity } from "./compare-activities.ts";
import type { LoggedMessage } from "./compare-order.ts";
import type { RealServers } from "./real-servers.ts";

const SETTLE_DEADLINE_MS = 180_000;
const POLL_MS = 100;
const GROUP = "activity";

/** Looks into the stores of a mesh from outside: what was committed, sent, recorded. */
export class Evidence {
  readonly #namespace: string;
  readonly #database: Database;
  readonly #kafka: Kafka;
  readonly #mongo: MongoClient;

  constructor(servers: RealServers, databaseUrl: string, namespace: string) {
    this.#namespace = namespace;
    this.#database = new Database(configOrThrow({ DATABASE_URL: databaseUrl }).database);
    stopIdleTimers();
    this.#kafka = new Kafka({
      clientId: "verify-events",
      brokers: servers.kafkaBrokers.split(","),
      logLevel: logLevel.NOTHING,
    });
    this.#mongo = new MongoClient(servers.mongoUrl);
  }

  async close(): Promise<void> {
    await this.#database.close();
    await this.#mongo.close();
  }

  async committed(): Promise<readonly CommittedEvent[]> {
    const rows = await this.#database.select<{ id: number; messageKey: string; payload: string }>(
      sql`SELECT id, message_key AS messageKey, payload FROM event_outbox ORDER BY id`,
    );
    return rows.map(({ id, messageKey, payload }) => {
      const { eventId, memberId, postId, commentId, memberActivityType, createdAt } = JSON.parse(
        payload,
      ) as MemberActivityEvent;
      const at = Date.parse(createdAt);
      return { id, messageKey, eventId, type: memberActivityType, memberId, postId, commentId, at };
    });
  }

  /** The deeds behind the rows that are there and not deleted. */
  async rows(): Promise<readonly string[]> {
    const rows = await this.#database.select<{ deed: string }>(
      sql`SELECT CONCAT('POST_CREATE###', id, '###', author_id) AS deed FROM posts WHERE is_deleted = 0
          UNION ALL
          SELECT CONCAT('COMMENT_CREATE###', id, '###', author_id) FROM comments WHERE is_deleted = 0
          UNION ALL SELECT CONCAT('LIKE_POST###', post_id, '###', member_id) FROM post_likes
          UNION ALL SELECT CONCAT('MEMBER_FOLLOW###', follower_id, '###', following_id) FROM follows`,
    );
    return rows.map(({ deed }) => deed);
  }

  /** Events that wait in the outbox. */
  async waiting(): Promise<number> {
    const row = await this.#database.selectOne<{ waiting: number }>(
      sql`SELECT COUNT(*) AS waiting FROM event_outbox WHERE status = 0`,
    );
    return Number(row?.waiting ?? 0);
  }

  /** Partitions of the outbox that this node may send from at the moment. */
  async partitionsOf(nodeId: string): Promise<number> {
    const row = await this.#database.selectOne<{ held: number }>(
      sql`SELECT COUNT(*) AS held FROM leases
          WHERE name LIKE 'outbox:_' AND owner LIKE ${`${nodeId}/%`} AND leased_until > ${Date.now()}`,
    );
    return Number(row?.held ?? 0);
  }

  async activities(): Promise<readonly StoredActivity[]> {
    const documents = await this.#collection("member_activities").find({}).toArray();
    return documents.map((document) => ({
      messageKey: document.messageKey,
      eventId: document.eventId,
      type: document.memberActivityType,
      memberId: document.memberId,
      postId: document.postId,
      commentId: document.commentId,
      createdAt: document.createdAt.getTime(),
      updatedAt: document.updatedAt.getTime(),
    }));
  }

  /** By the store's own books: counting the documents themselves would slow down what is looked at. */
  activityCount(): Promise<number> {
    return this.#collection("member_activities").estimatedDocumentCount();
  }

  /** Dead letters of either side. */
  async deadLetters(): Promise<number> {
    const sides = ["kafka_publisher_dead_letters", "kafka_listener_dead_letters"];
    const counts = await Promise.all(sides.map((side) => this.#collection(side).countDocuments()));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Everything in the mesh's topics. */
  async messages(): Promise<readonly LoggedMessage[]> {
    const ends = await this.#withAdmin((admin) => endsOf(`${this.#namespace}.`, admin));
    const messages: LoggedMessage[] = [];
    const unfinished = new Set(
      ends.filter(({ end }) => end > 0).map(({ topic, partition }) => `${topic}/${partition}`),
    );
    if (unfinished.size === 0) return messages;
    const consumer = this.#kafka.consumer({ groupId: `${this.#namespace}-evidence-${Date.now()}` });
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(ends.map(({ topic }) => topic))], fromBeginning: true });
    await consumer.run({
      eachBatch: async ({ batch: { topic, partition, messages: batch } }) => {
        const end = ends.find((one) => one.topic === topic && one.partition === partition)?.end ?? 0;
        for (const { offset, value } of batch) {
          const { eventId } = JSON.parse(String(value)) as { eventId: string };
          messages.push({ topic, partition, offset: Number(offset), eventId });
          if (Number(offset) + 1 >= end) unfinished.delete(`${topic}/${partition}`);
        }
      },
    });
    await until("the topics are read", async () => unfinished.size === 0);
    await consumer.disconnect();
    return messages;
  }

  /** Messages that the activity service has not finished. */
  async lag(): Promise<number> {
    return this.#withAdmin(async (admin) => {
      const ends = await endsOf(`${this.#namespace}.`, admin);
      const topics = [...new Set(ends.map(({ topic }) => topic))];
      if (topics.length === 0) return 0;
      const offsets = await admin.fetchOffsets({ groupId: `${this.#namespace}-${GROUP}`, topics });
      const read = new Map(
        offsets.flatMap(({ topic, partitions }) =>
          partitions.map(({ partition, offset }) => [`${topic}/${partition}`, Math.max(0, Number(offset))]),
        ),
      );
      return ends.reduce(
        (sum, { topic, partition, end }) => sum + end - (read.get(`${topic}/${partition}`) ?? 0),
        0,
      );
    });
  }

  /**
   * Resolves when nothing waits any more, neither in the outbox nor before the consumer; in how many milliseconds.
   * @throws Error when that takes more than three minutes
   */
  async settledOrThrow(): Promise<number> {
    const started = performance.now();
    await until("everything is sent", async () => (await this.waiting()) === 0);
    await until("everything is consumed", async () => (await this.lag()) === 0);
    return performance.now() - started;
  }

  #collection(name: string) {
    return this.#mongo.db(this.#namespace).collection(name);
  }

  async #withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

/** The next offset of each partition of the topics whose names begin so. */
async function endsOf(
  prefix: string,
  admin: Admin,
): Promise<readonly { topic: string; partition: number; end: number }[]> {
  const ends = [];
  for (const topic of (await admin.listTopics()).filter((name) => name.startsWith(prefix))) {
    for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
      ends.push({ topic, partition, end: Number(high) });
    }
  }
  return ends;
}

/** @throws Error when it isn't so within three minutes */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + SETTLE_DEADLINE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited three minutes until ${what}`);
    await sleep(POLL_MS);
  }
}

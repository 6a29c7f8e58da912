import { MongoClient } from "mongodb";
import { configOrThrow } from "../../../config/index.ts";
import type { MemberActivityEvent } from "../../../contracts/events.ts";
import { Database } from "../../../lib/sql/database.ts";
import { sql } from "../../../lib/sql/sql.ts";
import type { CommittedEvent, StoredActivity } from "./compare-activities.ts";
import { KafkaEvidence } from "./kafka-evidence.ts";
import type { RealServers } from "./real-servers.ts";
import { until } from "./until.ts";

const GROUP = "activity";

/** Looks into the stores of a mesh from outside: what was committed, sent, recorded. */
export class Evidence {
  readonly kafka: KafkaEvidence;
  readonly #namespace: string;
  readonly #database: Database;
  readonly #mongo: MongoClient;

  constructor(servers: RealServers, databaseUrl: string, namespace: string) {
    this.#namespace = namespace;
    this.#database = new Database(configOrThrow({ DATABASE_URL: databaseUrl }).database);
    this.kafka = new KafkaEvidence(servers.kafkaBrokers, namespace, GROUP);
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

  /** The nodes that may send from a partition of the outbox at the moment. */
  async senders(): Promise<ReadonlySet<string>> {
    const rows = await this.#database.select<{ owner: string }>(
      sql`SELECT DISTINCT owner FROM leases WHERE name LIKE 'outbox:_' AND leased_until > ${Date.now()}`,
    );
    return new Set(rows.map(({ owner }) => owner.slice(0, owner.lastIndexOf("/"))));
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

  /**
   * Resolves when nothing waits any more, neither in the outbox nor before the consumer; in how many milliseconds.
   * @throws Error when that takes more than three minutes
   */
  async settledOrThrow(): Promise<number> {
    const started = performance.now();
    await until("everything is sent", async () => (await this.waiting()) === 0);
    await until(
      "everything is consumed",
      async () => (await this.kafka.lag()) === 0,
      () => this.kafka.describe(),
    );
    return performance.now() - started;
  }

  #collection(name: string) {
    return this.#mongo.db(this.#namespace).collection(name);
  }
}

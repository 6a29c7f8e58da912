import type { Logger } from "moleculer";
import type { Transaction } from "sequelize";
import { dateIn, topicOf } from "../../config/topics.ts";
import { datesOf } from "../kafka/calendar.ts";
import type { DropReport } from "../kafka/topic-retention.ts";
import { LeaseStore } from "../leases/lease-store.ts";
import type { WakeUp } from "../loop/wake-up.ts";
import type { Database } from "../sql/database.ts";
import { EmbeddedLogRepository, type StoredMessage } from "./embedded-log.repository.ts";
import { dropReadTopics } from "./embedded-retention.ts";
import { EmbeddedSubscription, incoming } from "./embedded-subscription.ts";
import type {
  BatchHandler,
  EventPublisher,
  EventSubscriber,
  EventSubscription,
  IncomingMessage,
  OutgoingMessage,
} from "./event-log.ts";

export interface EmbeddedLogOptions {
  readonly database: Database;
  readonly namespace: string;
  /** Zone of the topics' dates. */
  readonly timeZone: string;
  /** Name of this node, for the table of leases. */
  readonly node: string;
  readonly logger: Pick<Logger, "info" | "warn" | "debug">;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** A killed reader's partitions are taken over after this (milliseconds). */
  readonly leaseTtlMs?: number;
}

const READ_SIZE = 500;
const DEFAULT_LEASE_TTL = 5_000;

/** Followers in this process by database: what one log of the process sends, the followers of all hear at once. */
const followers = new WeakMap<Database, Set<WakeUp>>();

/**
 * The event log in SQL, for a system without Kafka: topics, partitions, groups and offsets as there. Any number of
 * processes may share it. A topic needs no making: it is there once something is sent.
 */
export class EmbeddedLog implements EventPublisher, EventSubscriber {
  readonly #options: EmbeddedLogOptions;
  readonly #now: () => number;
  readonly #log: EmbeddedLogRepository;
  readonly #followers: Set<WakeUp>;

  constructor(options: EmbeddedLogOptions) {
    const { database, now = Date.now } = options;
    this.#options = options;
    this.#now = now;
    this.#log = new EmbeddedLogRepository(database);
    this.#followers = followers.get(database) ?? new Set();
    followers.set(database, this.#followers);
  }

  /** Appends and commits in one transaction: all of it or nothing. @throws what `commit` throws */
  async send(
    messages: readonly OutgoingMessage[],
    commit: (transaction?: Transaction) => Promise<void>,
  ): Promise<void> {
    await this.#options.database.transaction(async (transaction) => {
      // In the order of topics, so that two senders can't lock each other out.
      const topics = [...Map.groupBy(messages, ({ topic }) => topic)].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [topic, own] of topics) await this.#append(topic, own, transaction);
      await commit(transaction);
    });
    for (const follower of this.#followers) follower.nudge(messages.length);
  }

  async subscribe(options: {
    readonly group: string;
    readonly families: readonly string[];
    readonly handler: BatchHandler;
  }): Promise<EventSubscription> {
    const { database, node, logger, leaseTtlMs = DEFAULT_LEASE_TTL } = this.#options;
    const subscription = new EmbeddedSubscription({
      ...options,
      database,
      log: this.#log,
      leases: new LeaseStore(database, { now: this.#now }),
      isOfFamily: (family, topic) => this.#isOfFamily(family, topic),
      node,
      logger,
      now: this.#now,
      leaseTtlMs,
    });
    this.#followers.add(subscription.wakeUp);
    return {
      stop: async () => {
        this.#followers.delete(subscription.wakeUp);
        await subscription.stop();
      },
    };
  }

  /** What a group has not read, for every partition that was ever written to. */
  async lag(group: string): Promise<readonly { topic: string; partition: number; lag: number }[]> {
    const progress = await this.#log.progress(group);
    return progress.map(({ topic, partition, position, end }) => ({ topic, partition, lag: end - position }));
  }

  /** Every message of a topic from its beginning on, partition by partition, without a group: to read a day again. */
  async *readTopic(topic: string): AsyncGenerator<readonly IncomingMessage[]> {
    const ends = (await this.#log.ends()).filter((end) => end.topic === topic);
    for (const { partition, position: end } of ends) {
      for (let after = 0; after < end; ) {
        const batch = await this.#log.read(topic, partition, after, READ_SIZE);
        if (batch.length === 0) break;
        after = batch.at(-1)?.position ?? end;
        yield batch.map(incoming);
      }
    }
  }

  /**
   * Drops the topics more than `days` days old that everybody has read to the end: each group that ever read one of the
   * family, and the `groups` named here even if they never did. The others are kept, with a warning.
   */
  dropRead(days: number, groups: readonly string[] = []): Promise<DropReport> {
    const { namespace, timeZone, logger } = this.#options;
    const today = dateIn(timeZone, this.#now());
    return dropReadTopics(this.#log, { days, groups, today, namespace, logger });
  }

  #isOfFamily(family: string, topic: string): boolean {
    return datesOf(topicOf(family, "", this.#options.namespace), [topic]).length > 0;
  }

  /** Positions are given under the lock of the partition's end, so they follow the order of commits. */
  async #append(
    topic: string,
    messages: readonly OutgoingMessage[],
    transaction: Transaction,
  ): Promise<void> {
    const partitions = [...new Set(messages.map(({ partition }) => partition))];
    const ends = new Map(await this.#log.lockEnds(topic, partitions, transaction));
    const stored = messages.map(({ partition, key, value, headers }): StoredMessage => {
      const position = (ends.get(partition) ?? 0) + 1;
      ends.set(partition, position);
      return { topic, partition, position, key, value, headers: JSON.stringify(headers) };
    });
    await this.#log.insert(stored, this.#now(), transaction);
    await this.#log.moveEnds(topic, ends, transaction);
  }
}

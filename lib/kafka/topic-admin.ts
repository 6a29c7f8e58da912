import type { Admin, Kafka } from "kafkajs";
import type { Logger } from "moleculer";
import type { EventsConfig } from "../../config/index.ts";
import { dateIn, familyOrThrow, TOPIC_FAMILIES, type TopicFamily, topicOf } from "../../config/topics.ts";
import { datesAround, datesOf, expiredDates, olderDates } from "./calendar.ts";
import { protocolErrorOf } from "./failures.ts";
import { endsOf, type Position, positionsOf, type TopicLag } from "./group-offsets.ts";
import { createTopic } from "./topic-creation.ts";
import { type DropReport, dropReadTopics } from "./topic-retention.ts";

export interface TopicAdminOptions {
  readonly kafka: Kafka;
  readonly events: EventsConfig;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What a group has to do about its topics. */
export interface Following {
  readonly topics: readonly string[];
  /** Where it stands in the older topics that it has read to the end. */
  readonly read: readonly Position[];
}

const DAY = 86_400_000;
const MOST_TRIES = 5;
/** All copies must confirm where `KAFKA_ACKS=all`: the fewest copies with which that means anything. */
const MIN_INSYNC_REPLICAS = 2;

/** The dated topics of a cluster: made, listed, followed, dropped. Every method may run on several nodes at once. */
export class TopicAdmin {
  readonly #options: TopicAdminOptions;

  constructor(options: TopicAdminOptions) {
    this.#options = options;
  }

  /** The date of now, in the zone of the events. */
  today(): string {
    return dateIn(this.#options.events.timeZone, this.#options.now());
  }

  /** Makes yesterday's, today's and tomorrow's topics that are missing; resolves to the names made here. */
  ensureAround(families: readonly string[] = familyNames()): Promise<readonly string[]> {
    return this.#run((admin) => this.#ensure(admin, this.#around(families)));
  }

  /** Makes these dated topics where they are missing; resolves to the names made here. */
  ensure(topics: readonly string[]): Promise<readonly string[]> {
    return this.#run((admin) => this.#ensure(admin, topics));
  }

  /** Every dated topic of the product in this namespace. */
  list(): Promise<readonly string[]> {
    return this.#run(async (admin) => this.#existing(await admin.listTopics(), TOPIC_FAMILIES));
  }

  /**
   * The topics a group has to follow now: yesterday's, today's and tomorrow's (made where missing), days to come, and
   * the older days in retention that it has not read to the end.
   */
  toFollow(group: string, families: readonly string[]): Promise<Following> {
    return this.#run(async (admin) => {
      await this.#ensure(admin, this.#around(families));
      const topics = await admin.listTopics();
      const today = this.today();
      const older = families
        .map(familyOrThrow)
        .flatMap((family) =>
          olderDates(this.#dates(family, topics), today, family.retentionMs / DAY).map((date) =>
            this.#topic(family, date),
          ),
        );
      const positions = await positionsOf(admin, group, await endsOf(admin, older));
      const unread = new Set(positions.filter(({ lag }) => lag > 0).map(({ topic }) => topic));
      const recent = families.map(familyOrThrow).flatMap((family) =>
        this.#dates(family, topics)
          .filter((date) => date >= String(datesAround(today)[0]))
          .map((date) => this.#topic(family, date)),
      );
      return {
        topics: [...unread, ...recent].sort(),
        read: positions.filter(({ topic }) => !unread.has(topic)),
      };
    });
  }

  /** Unread messages of a group by partition, in all topics of these families. */
  lag(group: string, families: readonly string[] = familyNames()): Promise<readonly TopicLag[]> {
    return this.#run(async (admin) => {
      const topics = this.#existing(await admin.listTopics(), families.map(familyOrThrow));
      const positions = await positionsOf(admin, group, await endsOf(admin, topics));
      return positions.map(({ topic, partition, lag }) => ({ topic, partition, lag }));
    });
  }

  /**
   * Drops the topics more than `days` days old that everybody has read to the end: each group that ever committed in
   * the family, and the `groups` named here even if they never did. The others are kept, with a warning.
   */
  async dropRead(days: number, groups: readonly string[] = []): Promise<DropReport> {
    const dropped: string[] = [];
    const kept = await this.#withoutLateTopics((admin) => this.#dropRead(admin, days, groups, dropped));
    for (const topic of kept) {
      this.#options.logger.warn({ ...topic }, "old topic is kept: not everybody has read it");
    }
    return { dropped, kept };
  }

  async #dropRead(
    admin: Admin,
    days: number,
    groups: readonly string[],
    dropped: string[],
  ): Promise<DropReport["kept"]> {
    const topics = await admin.listTopics();
    const kept: DropReport["kept"][number][] = [];
    for (const family of TOPIC_FAMILIES) {
      const dates = this.#dates(family, topics);
      const named = (chosen: readonly string[]) => chosen.map((date) => this.#topic(family, date));
      const expired = named(expiredDates(dates, this.today(), days));
      const retirement = { expired, family: named(dates), groups };
      kept.push(...(await dropReadTopics(admin, retirement, (topic) => dropped.push(topic))));
    }
    return kept;
  }

  async #ensure(admin: Admin, wanted: readonly string[]): Promise<readonly string[]> {
    const { events, logger } = this.#options;
    const existing = new Set(await admin.listTopics());
    const made: string[] = [];
    for (const topic of wanted) {
      if (existing.has(topic)) continue;
      const family = TOPIC_FAMILIES.find((known) => this.#dates(known, [topic]).length > 0);
      if (!family) throw new Error(`${topic} is no dated topic of a known family`);
      const isMadeHere = await createTopic(admin, topic, {
        partitions: family.partitions,
        replicationFactor: events.replicationFactor,
        retentionMs: family.retentionMs,
        minInsyncReplicas: events.acks === "all" ? MIN_INSYNC_REPLICAS : undefined,
      });
      if (isMadeHere) made.push(topic);
    }
    if (made.length > 0) logger.info({ topics: made }, "topics made");
    return made;
  }

  #around(families: readonly string[]): readonly string[] {
    return families
      .map(familyOrThrow)
      .flatMap((family) => datesAround(this.today()).map((date) => this.#topic(family, date)));
  }

  #existing(topics: readonly string[], families: readonly TopicFamily[]): readonly string[] {
    return families.flatMap((family) => this.#dates(family, topics).map((date) => this.#topic(family, date)));
  }

  #topic(family: TopicFamily, date: string): string {
    return topicOf(family.name, date, this.#options.events.namespace);
  }

  #dates(family: TopicFamily, topics: readonly string[]): readonly string[] {
    return datesOf(this.#topic(family, ""), topics);
  }

  /** Begins anew, with another connection, when another node has dropped a topic after it was listed here. */
  async #withoutLateTopics<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#run(work);
      } catch (error) {
        if (tries >= MOST_TRIES || protocolErrorOf(error) !== "UNKNOWN_TOPIC_OR_PARTITION") throw error;
      }
    }
  }

  /** A connection for each piece of work: one that lives on would ask for topics that are long gone, and fail. */
  async #run<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.#options.kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

function familyNames(): readonly string[] {
  return TOPIC_FAMILIES.map(({ name }) => name);
}

import { setTimeout } from "node:timers/promises";
import type { Logger } from "moleculer";
import { TOPIC_FAMILIES } from "../../config/topics.ts";
import { type Lease, LeaseLostError, type LeaseStore } from "../leases/lease-store.ts";
import { PartitionLeases } from "../leases/partition-leases.ts";
import { Pauses } from "../loop/pauses.ts";
import { WakeUp } from "../loop/wake-up.ts";
import type { Database } from "../sql/database.ts";
import type { EmbeddedLogRepository, StoredMessage, UnreadPartition } from "./embedded-log.repository.ts";
import type { BatchHandler, EventSubscription, IncomingMessage } from "./event-log.ts";

export interface EmbeddedSubscriptionOptions {
  readonly group: string;
  readonly families: readonly string[];
  readonly handler: BatchHandler;
  readonly database: Database;
  readonly log: EmbeddedLogRepository;
  readonly leases: LeaseStore;
  readonly isOfFamily: (family: string, topic: string) => boolean;
  readonly node: string;
  readonly logger: Pick<Logger, "info" | "warn" | "debug">;
  readonly now: () => number;
  /** A killed reader's partitions are taken over after this (milliseconds). */
  readonly leaseTtlMs: number;
}

const BATCH_SIZE = 500;
const GATHER = 5;
/** How often the log is looked at without a nudge: other processes write too, and leases move (milliseconds). */
const POLL_INTERVAL = 200;
/** How long a stop waits for what is in hand. */
const STOP_TIMEOUT = 15_000;

/**
 * Keeps a group reading. It shares the partitions with the group's other readers, hands over each partition's messages
 * in order, one batch at a time, and moves the group's position after the handler is done: at least once, and never
 * while another reader has the partition.
 */
export class EmbeddedSubscription implements EventSubscription {
  readonly wakeUp = new WakeUp({ gatherMs: GATHER, enough: BATCH_SIZE });
  readonly #options: EmbeddedSubscriptionOptions;
  readonly #partitions: PartitionLeases;
  readonly #pauses = new Pauses<string>(BATCH_SIZE);
  readonly #inHand = new Map<number, Promise<void>>();
  readonly #running: Promise<void>;
  readonly #renewal: NodeJS.Timeout;
  #upkeepAt = 0;
  #isStopping = false;

  constructor(options: EmbeddedSubscriptionOptions) {
    const { leases, group, families, node, now, leaseTtlMs } = options;
    this.#options = options;
    const followed = TOPIC_FAMILIES.filter(({ name }) => families.includes(name));
    this.#partitions = new PartitionLeases({
      leases,
      scope: `consumer:${group}`,
      partitions: Math.max(...followed.map(({ partitions }) => partitions)),
      node,
      ttlMs: leaseTtlMs,
      now,
    });
    this.#renewal = setInterval(() => {
      this.#partitions.renewIfDue().catch((error) => this.#complain(error));
    }, leaseTtlMs / 3).unref();
    this.#running = this.#run();
  }

  /** Takes nothing new, finishes what is in hand, and leaves its partitions to the group's other readers. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.wakeUp.now();
    await this.#running;
    await Promise.race([
      Promise.all(this.#inHand.values()),
      setTimeout(STOP_TIMEOUT, undefined, { ref: false }),
    ]);
    clearInterval(this.#renewal);
    await this.#partitions.giveBackAll().catch((error) => this.#complain(error));
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      try {
        await this.#beginWork();
      } catch (error) {
        this.#complain(error);
      }
      await this.wakeUp.wait(POLL_INTERVAL);
    }
  }

  async #beginWork(): Promise<void> {
    const { now, log, group, families, isOfFamily, leaseTtlMs } = this.#options;
    const isIdle = (partition: number) => !this.#inHand.has(partition);
    if (now() >= this.#upkeepAt) {
      this.#upkeepAt = now() + leaseTtlMs / 3;
      await this.#partitions.balance(isIdle);
    }
    const idle = this.#partitions.partitions.filter(isIdle);
    if (idle.length === 0) return;
    // Before the positions are read: positions read under an earlier lease could be old.
    const leases = new Map(idle.map((partition) => [partition, this.#partitions.leaseOf(partition)]));
    const unread = (await log.unread(group, idle)).filter(
      (part) =>
        this.#pauses.isReady(keyOf(part), now()) && families.some((family) => isOfFamily(family, part.topic)),
    );
    for (const [partition, topics] of Map.groupBy(unread, (part) => part.partition)) {
      const lease = leases.get(partition);
      if (!lease) continue;
      const work = this.#workOn(topics, lease).finally(() => {
        this.#inHand.delete(partition);
        this.wakeUp.now();
      });
      this.#inHand.set(partition, work);
    }
  }

  /** One batch of each topic; one that fails doesn't hold up the others. Never rejects. */
  async #workOn(topics: readonly UnreadPartition[], lease: Lease): Promise<void> {
    for (const unread of topics) {
      if (this.#isStopping) return;
      try {
        await this.#handBatch(unread, lease);
        this.#pauses.passed(keyOf(unread));
      } catch (err) {
        if (err instanceof LeaseLostError) {
          this.#partitions.lose(err.leases);
          return;
        }
        this.#pauses.failed(keyOf(unread), this.#options.now());
        const { topic, partition } = unread;
        const { group, logger } = this.#options;
        logger.warn({ err, group, topic, partition }, "events were not taken; they come again");
      }
    }
  }

  async #handBatch(unread: UnreadPartition, lease: Lease): Promise<void> {
    const { log, handler, database, leases, group, now } = this.#options;
    const { topic, partition, position, end } = unread;
    const batch = await log.read(topic, partition, position, this.#pauses.batchSize(keyOf(unread)));
    if (batch.length > 0) await handler(batch.map(incoming));
    // Nothing there means that it was dropped before this group came.
    const read = { topic, partition, position: batch.at(-1)?.position ?? end };
    await database.transaction(async (transaction) => {
      await leases.assertHeld(lease, transaction);
      await log.moveOffset(group, read, now(), transaction);
    });
  }

  #complain(err: unknown): void {
    this.#options.logger.warn({ err, group: this.#options.group }, "events can't be read at the moment");
  }
}

export function incoming({
  topic,
  partition,
  position,
  key,
  value,
  headers,
}: StoredMessage): IncomingMessage {
  return { topic, partition, offset: String(position), key, value, headers: JSON.parse(headers) };
}

function keyOf({ topic, partition }: UnreadPartition): string {
  return `${topic}/${partition}`;
}

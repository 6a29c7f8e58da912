import type { Logger } from "moleculer";
import { TOPIC_FAMILIES } from "../../config/topics.ts";
import type { EventPublisher } from "../event-log/event-log.ts";
import type { LeaseStore } from "../leases/lease-store.ts";
import { PartitionLeases } from "../leases/partition-leases.ts";
import { Pauses } from "../loop/pauses.ts";
import { WakeUp } from "../loop/wake-up.ts";
import { onScrape, reading } from "../metrics/metrics.ts";
import type { Database } from "../sql/database.ts";
import { type Backlog, OutboxRepository, type OutboxRow } from "./outbox.repository.ts";
import { OutboxArchive } from "./outbox-archive.ts";
import { OutboxSender, type Park } from "./outbox-sender.ts";

export interface OutboxPublisherOptions {
  readonly database: Database;
  readonly leases: LeaseStore;
  readonly log: EventPublisher;
  readonly park: Park;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  /** Name of this node, for the table of leases. */
  readonly node: string;
  readonly namespace: string;
  /** Zone of the topics' dates. */
  readonly timeZone: string;
  /** How long sent events are kept (milliseconds). */
  readonly keepMs: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Failures, while others pass, after which an event is parked. */
  readonly maxAttempts?: number;
  /** A killed node's partitions are taken over after this (milliseconds). */
  readonly leaseTtlMs?: number;
}

/** What happened since the start. */
export interface PublisherCounters {
  readonly sent: number;
  readonly batches: number;
  readonly failures: number;
  readonly parked: number;
}

const BATCH_SIZE = 500;
/** Where much waits. Each may hold one of the process's ten connections, which the writers need, too. */
const PARTITIONS_AT_A_TIME = 6;
/** Batches of a partition before the others have their turn. */
const BATCHES_AT_A_TIME = 8;
const GATHER = 10;
/**
 * Milliseconds between two looks at the outbox without a nudge: other processes write too, and leases move. Every
 * process that writes pays for them, and events have ten seconds to arrive.
 */
const POLL_INTERVAL = 500;
const DEFAULT_LEASE_TTL = 5_000;
const CLEANING_INTERVAL = 60_000;
/** A process that ends sends no more than this many batches before. */
const LAST_ROUNDS = 20;
const DEFAULT_MAX_ATTEMPTS = 10;
const PARTITIONS = Math.max(...TOPIC_FAMILIES.map(({ partitions }) => partitions));

/**
 * Sends what waits in the outbox: of each partition whose lease it holds, in the order of ids. Several may run, on
 * several nodes. An event that can't be sent holds up its partition until it passes or is parked, and nothing else.
 */
export class OutboxPublisher {
  readonly #now: () => number;
  readonly #maxAttempts: number;
  readonly #outbox: OutboxRepository;
  readonly #archive: OutboxArchive;
  readonly #partitions: PartitionLeases;
  readonly #pauses = new Pauses<number>(BATCH_SIZE);
  readonly #wakeUp = new WakeUp({ gatherMs: GATHER, enough: BATCH_SIZE });
  readonly #sender: OutboxSender;
  readonly #upkeepInterval: number;
  #upkeepAt = 0;
  #cleaningAt = 0;
  #isStopping = false;
  #running: Promise<void> | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #hideBacklog = (): void => undefined;

  constructor(options: OutboxPublisherOptions) {
    const { database, leases, node, keepMs, now = Date.now, leaseTtlMs = DEFAULT_LEASE_TTL } = options;
    this.#now = now;
    this.#upkeepInterval = leaseTtlMs / 3;
    this.#maxAttempts = options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS;
    this.#outbox = new OutboxRepository(database);
    this.#archive = new OutboxArchive(database, { keepMs, now });
    this.#partitions = new PartitionLeases({
      leases,
      scope: "outbox",
      partitions: PARTITIONS,
      node,
      ttlMs: leaseTtlMs,
      now,
    });
    this.#sender = new OutboxSender({
      ...options,
      outbox: this.#outbox,
      partitions: this.#partitions,
      pauses: this.#pauses,
      now,
      maxAttempts: this.#maxAttempts,
    });
  }

  get counters(): PublisherCounters {
    return { ...this.#sender.counters };
  }

  /** How much waits, and since when, whoever is to send it. */
  backlog(): Promise<Backlog> {
    return this.#outbox.backlog();
  }

  start(): void {
    if (!this.#running) this.#hideBacklog = this.#showBacklog();
    this.#running ??= this.#run();
    this.#renewal ??= setInterval(() => {
      this.#partitions.renewIfDue().catch((error) => this.#sender.complain(error));
    }, this.#upkeepInterval).unref();
  }

  /**
   * There are new events, each in one of these partitions. Those in partitions of this publisher are sent within 10 ms,
   * with what comes until then; the others are found by who holds their partitions.
   */
  nudge(partitions: readonly number[]): void {
    const own = partitions.filter((partition) => this.#partitions.leaseOf(partition));
    if (own.length > 0) this.#wakeUp.nudge(own.length);
  }

  /** Sends what still waits, as far as the log takes it, and leaves its partitions to others. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#hideBacklog();
    this.#wakeUp.now();
    await this.#running;
    clearInterval(this.#renewal);
    await this.#partitions.giveBackAll().catch((error) => this.#sender.complain(error));
  }

  /**
   * One round: takes its share of partitions, and sends their first events. Answers whether there may be more to send.
   * @throws SERVICE_UNAVAILABLE when the database is away
   */
  async flush(): Promise<boolean> {
    await this.#keepUp();
    const { found, crowded } = await this.#sendFirst(this.#partitions.partitions);
    if (crowded.length > 0 && !this.#isStopping) await this.#catchUp(crowded);
    return found > 0;
  }

  /** Sends the first events of these partitions together; answers how many it found, and where there may be more. */
  async #sendFirst(
    partitions: readonly number[],
  ): Promise<{ readonly found: number; readonly crowded: readonly number[] }> {
    const now = this.#now();
    const ready = partitions.filter(
      (partition) => this.#partitions.leaseOf(partition) && this.#pauses.isReady(partition, now),
    );
    const limitEach = Math.floor(BATCH_SIZE / Math.max(1, ready.length));
    const condemned = { attempts: this.#maxAttempts, at: now };
    const rows = await this.#outbox.waiting(ready, limitEach, condemned);
    const waiting = Map.groupBy(rows, ({ partition }) => partition);
    const batches = [...waiting].flatMap(([partition, own]) => this.#batchOf(partition, own));
    if (batches.length > 0) await this.#sender.send(batches);
    const crowded = ready.filter((partition) => waiting.get(partition)?.length === limitEach);
    return { found: rows.length, crowded };
  }

  /**
   * Where much waits, each partition has full batches of its own, and some are worked on at a time, so that one is read
   * or marked while another is sent. Comes to an end soon, for the sake of those where little waits.
   */
  async #catchUp(crowded: readonly number[]): Promise<void> {
    const queue = [...crowded];
    const work = async (): Promise<void> => {
      for (let partition = queue.shift(); partition !== undefined; partition = queue.shift()) {
        for (let batches = 0; batches < BATCHES_AT_A_TIME && !this.#isStopping; batches++) {
          if ((await this.#sendFirst([partition])).crowded.length === 0) break;
        }
      }
    };
    // All must have ended before anything else is sent: a partition has one batch under way at a time.
    const outcomes = await Promise.allSettled(Array.from({ length: PARTITIONS_AT_A_TIME }, work));
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }

  #showBacklog(): () => void {
    return onScrape(async ({ outboxWaiting, outboxAge }) => {
      const { waiting, oldestAt } = await this.backlog();
      const age = oldestAt === undefined ? 0 : (this.#now() - oldestAt) / 1_000;
      return [reading(outboxWaiting, waiting), reading(outboxAge, Math.max(0, age))];
    });
  }

  async #run(): Promise<void> {
    let hasMore = false;
    while (!this.#isStopping) {
      if (!hasMore) await this.#wakeUp.wait(Math.min(POLL_INTERVAL, this.#upkeepInterval));
      hasMore = await this.#tryToFlush();
    }
    for (let rounds = 0; rounds < LAST_ROUNDS && (await this.#tryToFlush()); rounds++);
  }

  async #tryToFlush(): Promise<boolean> {
    try {
      return await this.flush();
    } catch (error) {
      this.#sender.complain(error);
      return false;
    }
  }

  async #keepUp(): Promise<void> {
    const now = this.#now();
    if (now >= this.#upkeepAt) {
      this.#upkeepAt = now + this.#upkeepInterval;
      await this.#partitions.balance();
    }
    // The holder of the first partition cleans for all.
    if (now >= this.#cleaningAt && this.#partitions.leaseOf(0)) {
      const hasMore = await this.#archive.cleanSome();
      this.#cleaningAt = hasMore ? now : now + CLEANING_INTERVAL;
    }
  }

  /** An event that failed travels alone, and those behind it wait. */
  #batchOf(partition: number, waiting: readonly OutboxRow[]): readonly OutboxRow[] {
    const [first] = waiting;
    if (!first || first.attempts > 0) return waiting.slice(0, 1);
    const suspect = waiting.findIndex(({ attempts }) => attempts > 0);
    return waiting.slice(0, suspect < 0 ? undefined : suspect).slice(0, this.#pauses.batchSize(partition));
  }
}

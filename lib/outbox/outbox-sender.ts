import type { Logger } from "moleculer";
import type { Transaction } from "sequelize";
import { dateIn, topicOf } from "../../config/topics.ts";
import { isDomainError } from "../../contracts/errors.ts";
import { type EventPublisher, PublishError } from "../event-log/event-log.ts";
import { type Lease, LeaseLostError, type LeaseStore } from "../leases/lease-store.ts";
import type { PartitionLeases } from "../leases/partition-leases.ts";
import type { Pauses } from "../loop/pauses.ts";
import { metrics } from "../metrics/metrics.ts";
import type { Database } from "../sql/database.ts";
import type { OutboxRepository, OutboxRow } from "./outbox.repository.ts";
import { messageOf } from "./outbox-message.ts";

/** Why an event is given up: the log refuses it, or it failed too often while others passed. */
export type ParkCategory = "REJECTED" | "EXHAUSTED";

/** Keeps an event that can't be sent among the dead letters; may be called again for the same event. */
export type Park = (
  row: OutboxRow,
  failure: {
    readonly category: ParkCategory;
    readonly reason: string;
    readonly attempts: number;
    /** Where it would have been sent. */
    readonly topic: string;
  },
) => Promise<void>;

export interface OutboxSenderOptions {
  readonly database: Database;
  readonly outbox: OutboxRepository;
  readonly leases: LeaseStore;
  readonly partitions: PartitionLeases;
  readonly pauses: Pauses<number>;
  readonly log: EventPublisher;
  readonly park: Park;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  readonly namespace: string;
  readonly timeZone: string;
  readonly now: () => number;
  readonly maxAttempts: number;
}

/** How long an event that couldn't be parked either is left alone. */
const PARK_PAUSE = 30_000;

/** Sends rows of the outbox, and sees to what a failure means. */
export class OutboxSender {
  readonly counters = { sent: 0, batches: 0, failures: 0, parked: 0 };
  readonly #options: OutboxSenderOptions;
  #isAway = false;

  constructor(options: OutboxSenderOptions) {
    this.#options = options;
  }

  /**
   * Sends together; what fails together is tried partition by partition. What isn't sent then waits in the outbox.
   * @throws SERVICE_UNAVAILABLE when the database is away: then nothing can be done, nor written down
   */
  async send(rows: readonly OutboxRow[]): Promise<void> {
    const { partitions, pauses } = this.#options;
    const batches = Map.groupBy(rows, ({ partition }) => partition);
    const leases = [...batches.keys()].map((partition) => partitions.leaseOf(partition));
    // A lease was lost between reading and sending: the next round reads again.
    if (!leases.every((lease) => lease !== undefined)) return;
    try {
      await this.#sendTogether(rows, leases);
      this.counters.sent += rows.length;
      metrics()?.eventsPublished.inc(rows.length);
      this.counters.batches += 1;
      for (const partition of batches.keys()) pauses.passed(partition);
      this.#recovered();
    } catch (error) {
      if (isDomainError(error, "SERVICE_UNAVAILABLE")) throw error;
      if (error instanceof LeaseLostError) partitions.lose(error.leases);
      else if (isRejection(error)) await this.#parkRejected(rows, error);
      else if (batches.size > 1) await Promise.all([...batches.values()].map((own) => this.send(own)));
      else await this.#failed(rows, error);
    }
  }

  /** Tells once that nothing can be sent, until something is. */
  complain(err: unknown): void {
    if (!this.#isAway) {
      this.#options.logger.warn({ err }, "events can't be sent at the moment; they wait in the outbox");
    }
    this.#isAway = true;
  }

  #recovered(): void {
    if (this.#isAway) this.#options.logger.info("events are sent again");
    this.#isAway = false;
  }

  async #sendTogether(rows: readonly OutboxRow[], leases: readonly Lease[]): Promise<void> {
    const { database, outbox, leases: store, log, namespace, timeZone, now } = this.#options;
    // One time for both: the mark tells the topic.
    const at = now();
    const date = dateIn(timeZone, at);
    const commit = async (transaction: Transaction) => {
      await store.assertHeld(leases, transaction);
      await outbox.markSentOrThrow(rows, at, transaction);
    };
    await log.send(
      rows.map((row) => messageOf(row, { date, namespace })),
      (transaction) => (transaction ? commit(transaction) : database.transaction(commit)),
    );
  }

  /** Parks what the log refuses; the others are sent in the next round, without it. */
  async #parkRejected(rows: readonly OutboxRow[], error: PublishError): Promise<void> {
    const refused = new Set(error.rejectedKeys);
    const culprits = rows.length === 1 ? rows : rows.filter(({ messageKey }) => refused.has(messageKey));
    if (culprits.length === 0) {
      // One of them, but nobody says which: they go one by one.
      for (const { partition } of rows) this.#options.pauses.slow(partition);
      return;
    }
    for (const row of culprits) await this.#park(row, "REJECTED", error.message);
  }

  async #failed(rows: readonly OutboxRow[], err: unknown): Promise<void> {
    const { pauses, outbox, logger, now, maxAttempts } = this.#options;
    const [first] = rows;
    if (!first) return;
    this.counters.failures += 1;
    metrics()?.publishFailures.inc();
    const { since, resumeAt } = pauses.failed(first.partition, now());
    if (!(await outbox.hasSentSince(since, first.partition))) {
      this.complain(err);
      return;
    }
    // Others pass, so it isn't the log.
    const attempts = first.attempts + 1;
    const { eventId } = first;
    logger.warn({ err, eventId, attempts }, "an event, or one sent with it, can't be sent while others can");
    await outbox.recordFailure(first, attempts, resumeAt);
    if (attempts < maxAttempts) return;
    await this.#park({ ...first, attempts }, "EXHAUSTED", err instanceof Error ? err.message : String(err));
  }

  async #park(row: OutboxRow, category: ParkCategory, reason: string): Promise<void> {
    const { park, partitions, leases, database, outbox, pauses, logger, now, maxAttempts } = this.#options;
    const { eventId } = row;
    const attempts = Math.max(1, row.attempts);
    try {
      const topic = topicOf(row.family, this.#today(), this.#options.namespace);
      await park(row, { category, reason, attempts, topic });
    } catch (err) {
      logger.warn({ err, eventId }, "an event can neither be sent nor parked: it stays in the outbox");
      await outbox.recordFailure(row, maxAttempts, now() + PARK_PAUSE);
      return;
    }
    const lease = partitions.leaseOf(row.partition);
    if (!lease) return;
    await database.transaction(async (transaction) => {
      await leases.assertHeld(lease, transaction);
      await outbox.markParked(row, now(), transaction);
    });
    this.counters.parked += 1;
    metrics()?.eventsParked.inc({ category });
    pauses.passed(row.partition);
    logger.error({ eventId, category, reason }, "an event was put among the dead letters");
  }

  #today(): string {
    return dateIn(this.#options.timeZone, this.#options.now());
  }
}

function isRejection(error: unknown): error is PublishError {
  return error instanceof PublishError && error.kind === "REJECTED";
}

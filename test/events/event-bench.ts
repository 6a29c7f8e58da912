import { type Config, configOrThrow } from "../../config/index.ts";
import type { EventType } from "../../contracts/events.ts";
import { EmbeddedLog, type EmbeddedLogOptions } from "../../lib/event-log/embedded-log.ts";
import type { IncomingMessage } from "../../lib/event-log/event-log.ts";
import { LeaseStore } from "../../lib/leases/lease-store.ts";
import { OutboxArchive } from "../../lib/outbox/outbox-archive.ts";
import { OutboxPublisher, type OutboxPublisherOptions } from "../../lib/outbox/outbox-publisher.ts";
import { type NewEvent, OutboxWriter } from "../../lib/outbox/outbox-writer.ts";
import { Database } from "../../lib/sql/database.ts";
import { migrateUp } from "../../lib/sql/migrator.ts";
import { trusted } from "../../lib/sql/sql.ts";
import { emptyStore, type Store } from "../support/service.ts";

export const NOON = Date.parse("2026-11-25T12:00:00+09:00");
export const TODAY = "20261125";
const KEEP = 86_400_000;
const TABLES = ["event_outbox", "leases", "event_log", "event_log_ends", "consumer_offsets"];

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

interface LogRow {
  readonly topic: string;
  readonly partition: number;
  readonly position: number;
  readonly key: string;
  readonly value: string;
  readonly headers: string;
}

/** One node's outbox and embedded log on a store of their own, with a clock that the test moves. */
export class EventBench {
  readonly store: Store;
  readonly config: Config;
  readonly database: Database;
  readonly archive: OutboxArchive;
  readonly log: EmbeddedLog;
  writer: OutboxWriter;
  clock: number;
  readonly #isOwner: boolean;

  private constructor(store: Store, clock: number, isOwner: boolean) {
    this.store = store;
    this.clock = clock;
    this.#isOwner = isOwner;
    this.config = configOrThrow(store.env);
    this.database = new Database(this.config.database);
    this.writer = this.#newWriter();
    this.archive = new OutboxArchive(this.database, { keepMs: KEEP, now: this.now });
    this.log = this.newLog();
  }

  static async start(clock = NOON): Promise<EventBench> {
    const bench = new EventBench(await emptyStore(), clock, true);
    await migrateUp(bench.database, bench.config.database);
    return bench;
  }

  /** Everything as at the start; making the tables anew would take longer. */
  async reset(): Promise<void> {
    this.clock = NOON;
    this.writer = this.#newWriter();
    for (const table of TABLES) await this.database.execute(trusted(`DELETE FROM ${table}`));
  }

  /** Another node on the same store, with a clock of its own. */
  peer(): EventBench {
    return new EventBench(this.store, this.clock, false);
  }

  readonly now = (): number => this.clock;

  newLog(options: Partial<EmbeddedLogOptions> = {}): EmbeddedLog {
    return new EmbeddedLog({
      database: this.database,
      namespace: this.config.events.namespace,
      timeZone: this.config.events.timeZone,
      node: "bench",
      logger: SILENT,
      now: this.now,
      ...options,
    });
  }

  leases(): LeaseStore {
    return new LeaseStore(this.database, { now: this.now });
  }

  publisher(options: Partial<OutboxPublisherOptions> = {}): OutboxPublisher {
    const { namespace, timeZone } = this.config.events;
    return new OutboxPublisher({
      database: this.database,
      leases: this.leases(),
      log: this.log,
      park: () => Promise.reject(new Error("nothing should be parked")),
      logger: SILENT,
      node: "bench",
      namespace,
      timeZone,
      keepMs: KEEP,
      now: this.now,
      ...options,
    });
  }

  /** Writes events, in one transaction. */
  async write(...events: readonly Partial<NewEvent>[]): Promise<void> {
    await this.database.transaction((transaction) =>
      this.writer.append(
        events.map((event) => ({ type: "POST_UPDATE", memberId: 1, at: this.clock, ...event })),
        { transaction },
      ),
    );
  }

  topic(date = TODAY): string {
    return `${this.config.events.namespace}.member-activity-${date}`;
  }

  /** What is in the log, each partition in order. */
  async logged(): Promise<LogRow[]> {
    return this.rows<LogRow>(
      "topic, partition_no AS `partition`, position, message_key AS `key`, value, headers FROM event_log ORDER BY topic, partition_no, position",
    );
  }

  async rows<Row extends object>(query: string): Promise<Row[]> {
    return this.database.select<Row>(trusted(`SELECT ${query}`));
  }

  async countOf(table: string, condition = "1 = 1"): Promise<number> {
    const [row] = await this.rows<{ n: number }>(`COUNT(*) AS n FROM ${table} WHERE ${condition}`);
    return row?.n ?? 0;
  }

  #newWriter(): OutboxWriter {
    return new OutboxWriter(this.database, { timeZone: this.config.events.timeZone, now: this.now });
  }

  async close(): Promise<void> {
    await this.database.close();
    if (this.#isOwner) await this.store.remove();
  }
}

/** Flushes until nothing is left to send. */
export async function drain(publisher: OutboxPublisher): Promise<void> {
  while (await publisher.flush());
}

export interface EventValue {
  readonly eventId: string;
  readonly memberId: number;
  readonly postId: number | null;
  readonly commentId: number | null;
  readonly memberActivityType: EventType;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export function valueOfMessage(message: Pick<IncomingMessage, "value">): EventValue {
  return JSON.parse(String(message.value)) as EventValue;
}

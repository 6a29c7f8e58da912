import { randomUUID } from "node:crypto";
import type { Transaction } from "sequelize";
import { TOPIC_FAMILIES } from "../../config/topics.ts";
import type { MemberActivityEvent } from "../../contracts/events.ts";
import { type EventSubject, messageKeyOf } from "../../contracts/message-key.ts";
import type { Database } from "../sql/database.ts";
import { joinSql, type Sql, sql } from "../sql/sql.ts";
import { EventClock } from "./event-clock.ts";
import { partitionOf } from "./partition.ts";

/** Something a member did, to be told. */
export interface NewEvent extends EventSubject {
  /** Epoch milliseconds of the deed. */
  readonly at: number;
}

export interface OutboxWriterOptions {
  /** Zone of the times in message keys. */
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Called when a transaction has ended, with the partition of each event that it wrote. */
  readonly onCommit?: (partitions: readonly number[]) => void;
}

const FAMILY = "member-activity";

/** Writes events down in the transaction of what they tell, so that neither is there without the other. */
export class OutboxWriter {
  readonly #database: Database;
  readonly #clock: EventClock;
  readonly #onCommit: OutboxWriterOptions["onCommit"];
  readonly #partitions: number;

  constructor(database: Database, { timeZone, now, onCommit }: OutboxWriterOptions) {
    this.#database = database;
    this.#clock = new EventClock(timeZone, now);
    this.#onCommit = onCommit;
    this.#partitions = TOPIC_FAMILIES.find(({ name }) => name === FAMILY)?.partitions ?? 1;
  }

  /**
   * One INSERT, however many events. To be called last in the transaction, after the rows that it writes are locked:
   * the order of one post's events is the order in which its row was locked.
   * @throws TypeError when an event lacks an id that its type needs
   */
  async append(
    events: readonly NewEvent[],
    { transaction, requestId }: { readonly transaction: Transaction; readonly requestId?: string | null },
  ): Promise<void> {
    if (events.length === 0) return;
    const placed = events.map((event) => ({
      ...event,
      partition: partitionOf(event.postId ?? event.memberId, this.#partitions),
    }));
    const rows = placed.map((event) => this.#rowOf(event, requestId?.slice(0, 128) ?? null));
    await this.#database.insert(
      sql`INSERT INTO event_outbox
            (event_id, family, partition_no, message_key, type, payload, request_id, created_at, sent_at)
          VALUES ${joinSql(rows, ", ")}`,
      { transaction },
    );
    const partitions = placed.map(({ partition }) => partition);
    if (this.#onCommit) transaction.afterCommit(() => this.#onCommit?.(partitions));
  }

  #rowOf(event: NewEvent & { readonly partition: number }, requestId: string | null): Sql {
    const eventId = randomUUID();
    const key = messageKeyOf(event, this.#clock.next());
    const value = JSON.stringify(valueFor(eventId, event));
    return sql`(${eventId}, ${FAMILY}, ${event.partition}, ${key}, ${event.type}, ${value}, ${requestId}, ${event.at}, 0)`;
  }
}

function valueFor(eventId: string, event: NewEvent): MemberActivityEvent {
  const at = new Date(event.at).toISOString();
  return {
    eventId,
    memberId: event.memberId,
    postId: event.postId ?? null,
    commentId: event.commentId ?? null,
    memberActivityType: event.type,
    createdAt: at,
    updatedAt: at,
  };
}

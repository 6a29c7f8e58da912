import type { Transaction } from "sequelize";
import type { Database } from "../sql/database.ts";
import { inList, integer, joinSql, type Sql, sql, trusted } from "../sql/sql.ts";

/** An event that waits in the outbox. */
export interface OutboxRow {
  readonly id: number;
  readonly eventId: string;
  readonly family: string;
  readonly partition: number;
  readonly messageKey: string;
  readonly type: string;
  readonly payload: string;
  readonly requestId: string | null;
  /** How often it failed while others passed. */
  readonly attempts: number;
}

export interface Backlog {
  readonly waiting: number;
  /** Epoch milliseconds of the oldest event that waits. */
  readonly oldestAt: number | undefined;
}

const STATUS = { waiting: 0, sent: 1, parked: 2 } as const;
const FINISHED: readonly number[] = [STATUS.sent, STATUS.parked];

/** How many of the newest events tell whether the log takes events. */
const RECENT = 1_000;

const FIELDS = trusted(
  `id, event_id AS eventId, family, partition_no AS ${"`partition`"}, message_key AS messageKey, type, payload,
   request_id AS requestId, attempts`,
);

/** The outbox as its publisher sees it. */
export class OutboxRepository {
  readonly #database: Database;
  readonly #outboxByStatus: Sql;
  readonly #outboxById: Sql;

  constructor(database: Database) {
    this.#database = database;
    this.#outboxByStatus = sql`event_outbox${database.byIndex("ix_event_outbox_pending")}`;
    this.#outboxById = sql`event_outbox${database.byIndex("PRIMARY")}`;
  }

  /**
   * The first waiting events of each partition, in the order of their ids, in one statement. By status, never "after
   * the last one sent": ids are given before the commit, so a smaller one may show up later.
   * @param condemned events with that many attempts are left out until their pause is over
   */
  async waiting(
    partitions: readonly number[],
    limitEach: number,
    condemned: { readonly attempts: number; readonly at: number },
  ): Promise<OutboxRow[]> {
    if (partitions.length === 0) return [];
    const firsts = partitions.map(
      (partition) =>
        sql`SELECT ${FIELDS} FROM ${this.#outboxByStatus}
            WHERE status = ${STATUS.waiting} AND partition_no = ${partition}
              AND (attempts < ${condemned.attempts} OR next_attempt_at <= ${condemned.at})
            ORDER BY id LIMIT ${integer(limitEach)}`,
    );
    const [only, ...others] = firsts;
    // MySQL would copy it into a table of its own first.
    if (only && others.length === 0) return this.#database.select<OutboxRow>(only);
    const parts = firsts.map((first) => sql`SELECT * FROM (${first}) AS of_partition`);
    return this.#database.select<OutboxRow>(joinSql(parts, " UNION ALL "));
  }

  /**
   * Whole numbers in the text instead of hundreds of bound values, and by the primary key: by status, the statement
   * would lock what others have written and not committed yet.
   * @throws Error when one of them is sent already, by somebody without the partition's lease
   */
  async markSentOrThrow(rows: readonly OutboxRow[], at: number, transaction: Transaction): Promise<void> {
    const ids = rows.map(({ id }) => integer(id));
    const marked = await this.#database.execute(
      sql`UPDATE ${this.#outboxById} SET status = ${integer(STATUS.sent)}, sent_at = ${integer(at)}
          WHERE id IN (${joinSql(ids, ", ")}) AND status = ${integer(STATUS.waiting)}`,
      { transaction },
    );
    if (marked !== rows.length) throw new Error(`${rows.length - marked} events were sent twice`);
  }

  async markParked({ id }: OutboxRow, at: number, transaction: Transaction): Promise<void> {
    await this.#database.execute(
      sql`UPDATE event_outbox SET status = ${STATUS.parked}, sent_at = ${at}
          WHERE id = ${id} AND status = ${STATUS.waiting}`,
      { transaction },
    );
  }

  async recordFailure({ id }: OutboxRow, attempts: number, nextAttemptAt: number): Promise<void> {
    await this.#database.execute(
      sql`UPDATE event_outbox SET attempts = ${attempts}, next_attempt_at = ${nextAttemptAt}
          WHERE id = ${id} AND status = ${STATUS.waiting}`,
    );
  }

  /** Was anything of another partition sent then or later? Looks at the newest events only. */
  async hasSentSince(at: number, otherThan: number): Promise<boolean> {
    const sent = await this.#database.selectOne(
      sql`SELECT id FROM event_outbox
          WHERE id > (SELECT MAX(id) FROM event_outbox) - ${integer(RECENT)}
            AND status = ${STATUS.sent} AND sent_at >= ${at} AND partition_no <> ${otherThan} LIMIT 1`,
    );
    return sent !== undefined;
  }

  /** Counts in the index alone, and reads one row: the one with the smallest id. */
  async backlog(): Promise<Backlog> {
    const row = await this.#database.selectOne<{ waiting: number; oldestAt: number | null }>(
      sql`SELECT waiting, (SELECT created_at FROM event_outbox WHERE id = firstId) AS oldestAt
          FROM (SELECT COUNT(*) AS waiting, MIN(id) AS firstId FROM ${this.#outboxByStatus}
                WHERE status = ${STATUS.waiting}) AS backlog`,
    );
    return { waiting: row?.waiting ?? 0, oldestAt: row?.oldestAt ?? undefined };
  }

  /**
   * Deletes, of the `limit` oldest events, those sent (or parked) before that time; answers how many.
   * Goes by id, since an index of its own would cost every write: what is old stands at the front.
   */
  async deleteFinished(before: number, limit: number): Promise<number> {
    const oldest = await this.#database.select<{ id: number; status: number; sentAt: number | null }>(
      sql`SELECT id, status, sent_at AS sentAt FROM event_outbox ORDER BY id LIMIT ${integer(limit)}`,
    );
    const expired = oldest.filter(
      ({ status, sentAt }) => FINISHED.includes(status) && sentAt !== null && sentAt < before,
    );
    if (expired.length === 0) return 0;
    return this.#database.execute(
      sql`DELETE FROM event_outbox WHERE id IN ${inList(expired.map(({ id }) => id))}`,
    );
  }

  /**
   * Lets events that were sent in [from, to) wait again: those among the first `limit` after an id. Answers how many,
   * and the last id that was looked at; undefined when there are no more.
   */
  async reopen(
    from: number,
    to: number,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<{ readonly reopened: number; readonly last: number | undefined }> {
    const looked = await this.#database.select<{ id: number }>(
      sql`SELECT id FROM event_outbox WHERE id > ${after} ORDER BY id LIMIT ${integer(limit)}`,
    );
    const last = looked.at(-1)?.id;
    if (last === undefined) return { reopened: 0, last };
    const reopened = await this.#database.execute(
      sql`UPDATE event_outbox SET status = ${STATUS.waiting}, attempts = 0, next_attempt_at = 0, sent_at = 0
          WHERE id > ${after} AND id <= ${last} AND status = ${STATUS.sent} AND sent_at >= ${from} AND sent_at < ${to}`,
    );
    return { reopened, last };
  }
}

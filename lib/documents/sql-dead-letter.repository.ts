import { randomUUID } from "node:crypto";
import type { Database } from "../sql/database.ts";
import { inList, integer, joinSql, NO_SQL, type Sql, sql, trusted } from "../sql/sql.ts";
import {
  type ClaimedDeadLetter,
  type DeadLetter,
  type DeadLetterClaim,
  type DeadLetterFilter,
  type DeadLetterPosition,
  type DeadLetterRepository,
  deadLetterOf,
  type NewDeadLetter,
  type OpenDeadLetters,
} from "./dead-letter.ts";

type Row = Omit<DeadLetter, "isCompleted"> & { readonly isCompleted: 0 | 1 };

const FIELDS = trusted(
  `id, side, consumer, message_key AS messageKey, event_id AS eventId, topic, partition_no AS ${"`partition`"},
   payload, payload_encoding AS payloadEncoding, category, reason, error, attempts, is_completed AS isCompleted,
   discarded_at AS discardedAt, created_at AS createdAt, updated_at AS updatedAt`,
);

/** A letter that is there already, unless it was discarded. MySQL has no WHERE here: the discarded keep what they have. */
const GIVEN_UP_AGAIN = {
  mysql: trusted(`
    ON DUPLICATE KEY UPDATE
      attempts = IF(discarded_at IS NULL, attempts + VALUES(attempts), attempts),
      category = IF(discarded_at IS NULL, VALUES(category), category),
      reason = IF(discarded_at IS NULL, VALUES(reason), reason),
      error = IF(discarded_at IS NULL, VALUES(error), error),
      is_completed = IF(discarded_at IS NULL, 0, is_completed),
      updated_at = IF(discarded_at IS NULL, VALUES(updated_at), updated_at)`),
  sqlite: trusted(`
    ON CONFLICT (id) DO UPDATE SET
      attempts = dead_letters.attempts + excluded.attempts, category = excluded.category, reason = excluded.reason,
      error = excluded.error, is_completed = 0, updated_at = excluded.updated_at
      WHERE dead_letters.discarded_at IS NULL`),
};

/** The dead letters in SQL, for a process without MongoDB. */
export class SqlDeadLetterRepository implements DeadLetterRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(letters: readonly NewDeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const rows = letters.map((letter) => rowOf(deadLetterOf(letter)));
    const onConflict = GIVEN_UP_AGAIN[this.#database.dialect];
    await this.#database.transaction(async (transaction) => {
      await this.#database.execute(
        sql`INSERT INTO dead_letters (id, side, consumer, message_key, event_id, topic, partition_no, payload,
              payload_encoding, category, reason, error, attempts, is_completed, available_at, created_at, updated_at)
            VALUES ${joinSql(rows, ", ")}${onConflict}`,
        { transaction },
      );
    });
  }

  async find(id: string): Promise<DeadLetter | undefined> {
    const row = await this.#database.selectOne<Row>(sql`SELECT ${FIELDS} FROM dead_letters WHERE id = ${id}`);
    return row && toDeadLetter(row);
  }

  async list(
    { side, consumer, isCompleted, category }: DeadLetterFilter,
    limit: number,
    after?: DeadLetterPosition,
  ): Promise<DeadLetter[]> {
    const [createdAt = 0, id = ""] = after ?? [];
    const conditions = [
      sql`1 = 1`,
      ...(side ? [sql`side = ${side}`] : []),
      ...(consumer ? [sql`consumer = ${consumer}`] : []),
      ...(isCompleted === undefined ? [] : [sql`is_completed = ${Number(isCompleted)}`]),
      ...(category ? [sql`category = ${category}`] : []),
      ...(after ? [sql`(created_at > ${createdAt} OR (created_at = ${createdAt} AND id > ${id}))`] : []),
    ];
    const rows = await this.#database.select<Row>(
      sql`SELECT ${FIELDS} FROM dead_letters WHERE ${joinSql(conditions, " AND ")}
          ORDER BY created_at, id LIMIT ${integer(limit)}`,
    );
    return rows.map(toDeadLetter);
  }

  async countOpen(): Promise<OpenDeadLetters[]> {
    return this.#database.select<OpenDeadLetters>(
      sql`SELECT side, category, COUNT(*) AS ${trusted("`count`")} FROM dead_letters
          WHERE is_completed = 0 GROUP BY side, category ORDER BY side, category`,
    );
  }

  async claim({ side, consumer, ids, limit, at, holdMs }: DeadLetterClaim): Promise<ClaimedDeadLetter[]> {
    const claim = randomUUID();
    const free = ids
      ? sql`id IN ${inList(ids)} AND (claim IS NULL OR available_at <= ${at})`
      : sql`available_at <= ${at}`;
    return this.#database.transaction(async (transaction) => {
      const rows = await this.#database.select<Row>(
        sql`SELECT ${FIELDS} FROM dead_letters
            WHERE side = ${side} AND is_completed = 0 ${consumer ? sql`AND consumer = ${consumer}` : NO_SQL} AND ${free}
            ORDER BY created_at, id LIMIT ${integer(limit)}${this.#database.forUpdate}`,
        { transaction },
      );
      if (rows.length === 0) return [];
      await this.#database.execute(
        sql`UPDATE dead_letters SET claim = ${claim}, available_at = ${at + holdMs}
            WHERE id IN ${inList(rows.map(({ id }) => id))}`,
        { transaction },
      );
      return rows.map((row) => ({ ...toDeadLetter(row), claim }));
    });
  }

  async complete(letters: readonly ClaimedDeadLetter[], at: number): Promise<void> {
    const [first] = letters;
    if (!first) return;
    await this.#database.execute(
      sql`UPDATE dead_letters SET is_completed = 1, claim = NULL, updated_at = ${at}
          WHERE claim IN ${inList([...new Set(letters.map(({ claim }) => claim))])}
            AND id IN ${inList(letters.map(({ id }) => id))}`,
    );
  }

  async fail(
    { id, claim }: ClaimedDeadLetter,
    { reason, error }: { readonly reason: string; readonly error: string | null },
    { at, retryAt }: { readonly at: number; readonly retryAt: number },
  ): Promise<void> {
    await this.#database.execute(
      sql`UPDATE dead_letters
          SET attempts = attempts + 1, reason = ${reason.slice(0, 1_000)}, error = ${error}, claim = NULL,
              available_at = ${retryAt}, updated_at = ${at}
          WHERE id = ${id} AND claim = ${claim}`,
    );
  }

  async discard(ids: readonly string[], at: number): Promise<number> {
    return this.#database.execute(
      sql`UPDATE dead_letters SET is_completed = 1, discarded_at = ${at}, claim = NULL, updated_at = ${at}
          WHERE id IN ${inList(ids)} AND is_completed = 0`,
    );
  }
}

function rowOf(letter: DeadLetter): Sql {
  const { id, side, consumer, messageKey, eventId, topic, partition, payload, payloadEncoding } = letter;
  return sql`(${id}, ${side}, ${consumer}, ${messageKey}, ${eventId}, ${topic}, ${partition}, ${payload},
    ${payloadEncoding}, ${letter.category}, ${letter.reason}, ${letter.error}, ${letter.attempts}, 0,
    ${letter.createdAt}, ${letter.createdAt}, ${letter.updatedAt})`;
}

function toDeadLetter({ isCompleted, ...row }: Row): DeadLetter {
  return { ...row, isCompleted: isCompleted === 1 };
}

import type { Transaction } from "sequelize";
import type { Database } from "../sql/database.ts";
import { violates } from "../sql/failures.ts";
import { inList, integer, joinSql, type Sql, sql, trusted } from "../sql/sql.ts";

/** The last position of a partition; positions begin at 1, without gaps. */
export interface PartitionEnd {
  readonly topic: string;
  readonly partition: number;
  readonly position: number;
}

export interface StoredMessage extends PartitionEnd {
  readonly key: string;
  readonly value: string;
  /** JSON. */
  readonly headers: string;
}

export interface UnreadPartition {
  readonly topic: string;
  readonly partition: number;
  /** The last position that the group has read. */
  readonly position: number;
  readonly end: number;
}

const END_KEY = { index: "PRIMARY", columns: ["topic", "partition_no"] };
const PARTITION = trusted("partition_no AS `partition`");

/** The tables of the embedded log. */
export class EmbeddedLogRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Locks the ends of partitions of one topic until the transaction ends, and makes them where they are missing. */
  async lockEnds(
    topic: string,
    partitions: readonly number[],
    transaction: Transaction,
  ): Promise<ReadonlyMap<number, number>> {
    const found = await this.#selectEnds(topic, partitions, transaction);
    const missing = partitions.filter((partition) => !found.has(partition)).sort((a, b) => a - b);
    if (missing.length === 0) return found;
    for (const partition of missing) await this.#createEnd(topic, partition, transaction);
    return this.#selectEnds(topic, partitions, transaction);
  }

  async moveEnds(topic: string, ends: ReadonlyMap<number, number>, transaction: Transaction): Promise<void> {
    const cases = [...ends].map(([partition, position]) => sql`WHEN ${partition} THEN ${position}`);
    await this.#database.execute(
      sql`UPDATE event_log_ends SET position = CASE partition_no ${joinSql(cases, " ")} END
          WHERE topic = ${topic} AND partition_no IN ${inList([...ends.keys()])}`,
      { transaction },
    );
  }

  async insert(messages: readonly StoredMessage[], at: number, transaction: Transaction): Promise<void> {
    for (const some of inPowersOfTwo(messages)) {
      const rows = some.map(
        ({ topic, partition, position, key, value, headers }) =>
          sql`(${topic}, ${partition}, ${position}, ${key}, ${value}, ${headers}, ${at})`,
      );
      await this.#database.insert(
        sql`INSERT INTO event_log (topic, partition_no, position, message_key, value, headers, created_at)
            VALUES ${joinSql(rows, ", ")}`,
        { transaction },
      );
    }
  }

  async read(topic: string, partition: number, after: number, limit: number): Promise<StoredMessage[]> {
    return this.#database.select<StoredMessage>(
      sql`SELECT topic, ${PARTITION}, position, message_key AS ${trusted("`key`")}, value, headers FROM event_log
          WHERE topic = ${topic} AND partition_no = ${partition} AND position > ${after}
          ORDER BY position LIMIT ${integer(limit)}`,
    );
  }

  /** The partitions that hold something a group has not read, oldest topics first. */
  async unread(group: string, partitions: readonly number[]): Promise<UnreadPartition[]> {
    return this.#database.select<UnreadPartition>(
      sql`${this.#readBy(group)}
          WHERE e.partition_no IN ${inList(partitions)} AND e.position > COALESCE(o.position, 0)
          ORDER BY e.topic, e.partition_no`,
    );
  }

  /** How far a group is in every partition. */
  async progress(group: string): Promise<UnreadPartition[]> {
    return this.#database.select<UnreadPartition>(
      sql`${this.#readBy(group)} ORDER BY e.topic, e.partition_no`,
    );
  }

  async moveOffset(
    group: string,
    { topic, partition, position }: PartitionEnd,
    at: number,
    transaction: Transaction,
  ): Promise<void> {
    const moved = await this.#database.execute(
      sql`UPDATE consumer_offsets SET position = ${position}, updated_at = ${at}
          WHERE group_id = ${group} AND topic = ${topic} AND partition_no = ${partition}`,
      { transaction },
    );
    if (moved > 0) return;
    await this.#database.insert(
      sql`INSERT INTO consumer_offsets (group_id, topic, partition_no, position, updated_at)
          VALUES (${group}, ${topic}, ${partition}, ${position}, ${at})`,
      { transaction },
    );
  }

  async ends(): Promise<PartitionEnd[]> {
    return this.#database.select<PartitionEnd>(
      sql`SELECT topic, ${PARTITION}, position FROM event_log_ends ORDER BY topic, partition_no`,
    );
  }

  /** The groups that ever read one of these topics. */
  async groupsReading(topics: readonly string[]): Promise<string[]> {
    const rows = await this.#database.select<{ id: string }>(
      sql`SELECT DISTINCT group_id AS id FROM consumer_offsets WHERE topic IN ${inList(topics)} ORDER BY id`,
    );
    return rows.map(({ id }) => id);
  }

  /** Deletes the messages at positions in (after, to]. */
  async deleteMessages(topic: string, partition: number, after: number, to: number): Promise<void> {
    await this.#database.execute(
      sql`DELETE FROM event_log
          WHERE topic = ${topic} AND partition_no = ${partition} AND position > ${after} AND position <= ${to}`,
    );
  }

  /** Forgets a topic whose messages are deleted; false when somebody wrote to it in the meantime. */
  async forgetTopic(topic: string, ends: readonly PartitionEnd[]): Promise<boolean> {
    const partitions = ends.map(({ partition }) => partition);
    return this.#database.transaction(async (transaction) => {
      const now = await this.#selectEnds(topic, partitions, transaction);
      if (ends.some(({ partition, position }) => now.get(partition) !== position)) return false;
      await this.#database.execute(sql`DELETE FROM event_log_ends WHERE topic = ${topic}`, { transaction });
      await this.#database.execute(sql`DELETE FROM consumer_offsets WHERE topic = ${topic}`, { transaction });
      return true;
    });
  }

  #readBy(group: string): Sql {
    return sql`SELECT e.topic, e.${PARTITION}, COALESCE(o.position, 0) AS position, e.position AS ${trusted("`end`")}
               FROM event_log_ends e LEFT JOIN consumer_offsets o
               ON o.group_id = ${group} AND o.topic = e.topic AND o.partition_no = e.partition_no`;
  }

  async #selectEnds(
    topic: string,
    partitions: readonly number[],
    transaction: Transaction,
  ): Promise<ReadonlyMap<number, number>> {
    const rows = await this.#database.select<{ partition: number; position: number }>(
      sql`SELECT ${PARTITION}, position FROM event_log_ends
          WHERE topic = ${topic} AND partition_no IN ${inList(partitions)}
          ORDER BY partition_no${this.#database.forUpdate}`,
      { transaction },
    );
    return new Map(rows.map(({ partition, position }) => [partition, position]));
  }

  async #createEnd(topic: string, partition: number, transaction: Transaction): Promise<void> {
    try {
      await this.#database.insert(
        sql`INSERT INTO event_log_ends (topic, partition_no, position) VALUES (${topic}, ${partition}, 0)`,
        { transaction },
      );
    } catch (error) {
      // Another process was quicker.
      if (!violates(error, END_KEY)) throw error;
    }
  }
}

/** Cuts a list into pieces of 2^n, so that statements for lists of any length are a handful, kept prepared. */
function* inPowersOfTwo<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; ) {
    const size = 2 ** Math.floor(Math.log2(items.length - start));
    yield items.slice(start, start + size);
    start += size;
  }
}

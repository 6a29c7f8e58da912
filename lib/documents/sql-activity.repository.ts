import type { ActivityType } from "../../contracts/events.ts";
import type { PageRequest } from "../paging/page-request.ts";
import type { Database, StatementOptions } from "../sql/database.ts";
import { inList, integer, NO_SQL, type Sql, sql, trusted } from "../sql/sql.ts";
import { type ActivityRecord, type RecordedEvent, recordsOf } from "./activity-record.ts";
import {
  type ActivityPosition,
  type ActivityRepository,
  type RewriteReport,
  rewriteInMemory,
} from "./activity-repository.ts";

const COLUMNS = trusted(
  "id, message_key, event_id, member_id, post_id, comment_id, member_activity_type, created_at, updated_at, corrected_at, deleted_at",
);
const FIELDS = trusted(
  `id, message_key AS messageKey, event_id AS eventId, member_id AS memberId, post_id AS postId, comment_id AS commentId,
   member_activity_type AS memberActivityType, created_at AS createdAt, updated_at AS updatedAt,
   corrected_at AS correctedAt, deleted_at AS deletedAt`,
);

/** Records written as JSON, as rows of a table. `WHERE` tells SQLite that `ON CONFLICT` is no join condition. */
const ROWS = {
  mysql: (records: string) =>
    sql`JSON_TABLE(${records}, ${trusted("'$[*]'")} COLUMNS (${trusted(`
      id VARCHAR(36) PATH '$.id', message_key VARCHAR(255) PATH '$.messageKey', event_id VARCHAR(36) PATH '$.eventId',
      member_id BIGINT PATH '$.memberId', post_id BIGINT PATH '$.postId', comment_id BIGINT PATH '$.commentId',
      member_activity_type VARCHAR(30) PATH '$.memberActivityType', created_at BIGINT PATH '$.createdAt',
      updated_at BIGINT PATH '$.updatedAt', corrected_at BIGINT PATH '$.correctedAt',
      deleted_at BIGINT PATH '$.deletedAt'`)})) AS records`,
  sqlite: (records: string) =>
    sql`(SELECT value ->> 'id' AS id, value ->> 'messageKey' AS message_key, value ->> 'eventId' AS event_id,
           value ->> 'memberId' AS member_id, value ->> 'postId' AS post_id, value ->> 'commentId' AS comment_id,
           value ->> 'memberActivityType' AS member_activity_type, value ->> 'createdAt' AS created_at,
           value ->> 'updatedAt' AS updated_at, value ->> 'correctedAt' AS corrected_at,
           value ->> 'deletedAt' AS deleted_at
         FROM json_each(${records})) AS records WHERE true`,
};

/** What a later event changes of a known record. MySQL assigns from left to right, so the time it asks for is last. */
const IF_LATER = {
  mysql: trusted(`
    ON DUPLICATE KEY UPDATE
      event_id = IF(VALUES(updated_at) > member_activities.updated_at, VALUES(event_id), member_activities.event_id),
      member_activity_type = IF(VALUES(updated_at) > member_activities.updated_at, VALUES(member_activity_type),
                                member_activities.member_activity_type),
      corrected_at = IF(VALUES(updated_at) > member_activities.updated_at, NULL, member_activities.corrected_at),
      deleted_at = IF(VALUES(updated_at) > member_activities.updated_at, NULL, member_activities.deleted_at),
      updated_at = GREATEST(member_activities.updated_at, VALUES(updated_at))`),
  sqlite: trusted(`
    ON CONFLICT DO UPDATE SET
      event_id = excluded.event_id, member_activity_type = excluded.member_activity_type,
      corrected_at = NULL, deleted_at = NULL, updated_at = excluded.updated_at
      WHERE excluded.updated_at > member_activities.updated_at`),
};

const WRITTEN = [
  "message_key",
  "event_id",
  "member_id",
  "post_id",
  "comment_id",
  "member_activity_type",
  "created_at",
  "updated_at",
  "corrected_at",
  "deleted_at",
];
const ALWAYS = {
  mysql: trusted(
    ` ON DUPLICATE KEY UPDATE ${WRITTEN.map((column) => `${column} = VALUES(${column})`).join(", ")}`,
  ),
  sqlite: trusted(
    ` ON CONFLICT DO UPDATE SET ${WRITTEN.map((column) => `${column} = excluded.${column}`).join(", ")}`,
  ),
};

/** The activities in SQL, for a process without MongoDB. */
export class SqlActivityRepository implements ActivityRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async apply(events: readonly RecordedEvent[]): Promise<void> {
    if (events.length === 0) return;
    const records = recordsOf(events);
    await this.#database.transaction((transaction) =>
      this.#upsert(records, IF_LATER[this.#database.dialect], { transaction }),
    );
  }

  async rewrite(
    events: readonly RecordedEvent[],
    { dryRun }: { readonly dryRun: boolean },
  ): Promise<{ report: RewriteReport; changed: readonly ActivityRecord[] }> {
    const ids = recordsOf(events).map(({ id }) => id);
    return this.#database.transaction(async (transaction) => {
      const stored = await this.#database.select<ActivityRecord>(
        sql`SELECT ${FIELDS} FROM member_activities WHERE id IN ${inList(ids)} ORDER BY id${this.#database.forUpdate}`,
        { transaction },
      );
      const result = rewriteInMemory(stored, events);
      if (!dryRun && result.changed.length > 0) {
        await this.#upsert(result.changed, ALWAYS[this.#database.dialect], { transaction });
      }
      return result;
    });
  }

  async find(id: string): Promise<ActivityRecord | undefined> {
    return this.#database.selectOne<ActivityRecord>(
      sql`SELECT ${FIELDS} FROM member_activities WHERE id = ${id}`,
    );
  }

  async correct(id: string, type: ActivityType, at: number): Promise<ActivityRecord | undefined> {
    const changed = await this.#database.execute(
      sql`UPDATE member_activities
          SET member_activity_type = ${type}, corrected_at = ${at}, ${updatedBy(at)}
          WHERE id = ${id} AND deleted_at IS NULL`,
    );
    // MySQL doesn't count a row that the same correction in the same millisecond left as it was.
    const record = await this.find(id);
    return changed > 0 || record?.deletedAt === null ? record : undefined;
  }

  async drop(id: string, at: number): Promise<boolean> {
    const changed = await this.#database.execute(
      sql`UPDATE member_activities SET deleted_at = ${at}, ${updatedBy(at)}
          WHERE id = ${id} AND deleted_at IS NULL`,
    );
    return changed > 0;
  }

  async listOfMember(
    memberId: number,
    { after, offset, size }: PageRequest<ActivityPosition>,
  ): Promise<ActivityRecord[]> {
    return this.#database.select<ActivityRecord>(
      sql`SELECT ${FIELDS} FROM member_activities${this.#database.byIndex("ix_member_activities_member")}
          WHERE member_id = ${memberId} AND deleted_at IS NULL ${afterPosition(after)}
          ORDER BY created_at DESC, id DESC LIMIT ${integer(size + 1)} OFFSET ${integer(offset)}`,
    );
  }

  async listOfMembers(
    memberIds: readonly number[],
    types: readonly ActivityType[],
    after: ActivityPosition | undefined,
    limit: number,
  ): Promise<ActivityRecord[]> {
    return this.#database.select<ActivityRecord>(
      sql`SELECT ${FIELDS} FROM member_activities
          WHERE member_id IN ${inList(memberIds)} AND member_activity_type IN ${inList(types)}
            AND deleted_at IS NULL ${afterPosition(after)}
          ORDER BY created_at DESC, id DESC LIMIT ${integer(limit)}`,
    );
  }

  /** One statement with one bound value, whatever the number of records. */
  async #upsert(
    records: readonly ActivityRecord[],
    onConflict: Sql,
    options: StatementOptions,
  ): Promise<void> {
    const rows = ROWS[this.#database.dialect](JSON.stringify(records));
    await this.#database.execute(
      sql`INSERT INTO member_activities (${COLUMNS}) SELECT ${COLUMNS} FROM ${rows}${onConflict}`,
      options,
    );
  }
}

/** Never back in time: the event may come from a node whose clock is ahead. */
function updatedBy(at: number): Sql {
  return sql`updated_at = CASE WHEN updated_at > ${at} THEN updated_at ELSE ${at} END`;
}

function afterPosition(after: ActivityPosition | undefined): Sql {
  if (!after) return NO_SQL;
  const [createdAt, id] = after;
  return sql`AND created_at <= ${createdAt} AND (created_at < ${createdAt} OR id < ${id})`;
}

import type { AnyBulkWriteOperation, Collection, Filter } from "mongodb";
import type { ActivityType } from "../../contracts/events.ts";
import type { PageRequest } from "../paging/page-request.ts";
import { type ActivityRecord, type RecordedEvent, recordsOf } from "./activity-record.ts";
import {
  type ActivityPosition,
  type ActivityRepository,
  type RewriteReport,
  rewriteInMemory,
} from "./activity-repository.ts";
import type { MongoAdapter } from "./mongo-adapter.ts";
import { MongoCollection } from "./mongo-collections.ts";
import { duplicatesOf } from "./mongo-failures.ts";

interface ActivityDocument extends Omit<ActivityRecord, "id" | TimeField> {
  readonly _id: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly correctedAt: Date | null;
  readonly deletedAt: Date | null;
}
type TimeField = "createdAt" | "updatedAt" | "correctedAt" | "deletedAt";

const NEWEST_FIRST = { createdAt: -1, _id: -1 } as const;

/** How often a correction looks again at records that others changed meanwhile. */
const REWRITE_ROUNDS = 5;

/** The activities in MongoDB's `member_activities`. */
export class MongoActivityRepository implements ActivityRepository {
  readonly #activities: MongoCollection<ActivityDocument>;

  constructor(adapter: MongoAdapter) {
    this.#activities = new MongoCollection(adapter, "member_activities", [
      { name: "uq_message_key", key: { messageKey: 1 }, unique: true },
      { name: "ix_member", key: { memberId: 1, createdAt: -1, _id: -1 } },
      { name: "ix_member_type", key: { memberId: 1, memberActivityType: 1, createdAt: -1, _id: -1 } },
    ]);
  }

  /**
   * Nearly every key is new: insert all, and update those that were there. Nothing is ever removed in between. Most of
   * those come again as they were, which one read tells for all of them.
   */
  async apply(events: readonly RecordedEvent[]): Promise<void> {
    if (events.length === 0) return;
    const records = recordsOf(events);
    await this.#activities.use(async (activities) => {
      const known = await duplicatesOf(() =>
        activities.insertMany(records.map(toDocument), { ordered: false }),
      );
      if (known.length === 0) return;
      const again = known.flatMap((index) => records[index] ?? []);
      const times = await timesOf(activities, again);
      const updates = again
        .filter(({ id, updatedAt }) => updatedAt > (times.get(id) ?? 0))
        .map(updateIfLater);
      if (updates.length > 0) await activities.bulkWrite(updates, { ordered: false });
    });
  }

  async rewrite(
    events: readonly RecordedEvent[],
    { dryRun }: { readonly dryRun: boolean },
  ): Promise<{ report: RewriteReport; changed: readonly ActivityRecord[] }> {
    const ids = recordsOf(events).map(({ id }) => id);
    return this.#activities.use(async (activities) => {
      let first: ReturnType<typeof rewriteInMemory> | undefined;
      for (let round = 0; round < REWRITE_ROUNDS; round++) {
        const documents = await activities.find({ _id: { $in: ids } }).toArray();
        const result = rewriteInMemory(documents.map(toRecord), events);
        first ??= result;
        if (dryRun || result.changed.length === 0) return first;
        const seen = new Map(documents.map((document) => [document._id, document]));
        const writes = result.changed.map((record) => rewriteAsSeen(record, seen.get(record.id)));
        let written = 0;
        const lost = await duplicatesOf(async () => {
          const outcome = await activities.bulkWrite(writes, { ordered: false });
          written = outcome.insertedCount + outcome.matchedCount;
        });
        if (lost.length === 0 && written === writes.length) return first;
      }
      throw new Error("The records changed again and again while they were put right");
    });
  }

  async find(id: string): Promise<ActivityRecord | undefined> {
    const document = await this.#activities.use((activities) => activities.findOne({ _id: id }));
    return document ? toRecord(document) : undefined;
  }

  async correct(id: string, type: ActivityType, at: number): Promise<ActivityRecord | undefined> {
    const time = new Date(at);
    const document = await this.#activities.use((activities) =>
      activities.findOneAndUpdate(
        { _id: id, deletedAt: null },
        { $set: { memberActivityType: type, correctedAt: time }, $max: { updatedAt: time } },
        { returnDocument: "after" },
      ),
    );
    return document ? toRecord(document) : undefined;
  }

  async drop(id: string, at: number): Promise<boolean> {
    const time = new Date(at);
    const { matchedCount } = await this.#activities.use((activities) =>
      activities.updateOne(
        { _id: id, deletedAt: null },
        { $set: { deletedAt: time }, $max: { updatedAt: time } },
      ),
    );
    return matchedCount > 0;
  }

  async listOfMember(
    memberId: number,
    { after, offset, size }: PageRequest<ActivityPosition>,
  ): Promise<ActivityRecord[]> {
    return this.#list({ memberId, deletedAt: null, ...afterPosition(after) }, size + 1, offset);
  }

  async listOfMembers(
    memberIds: readonly number[],
    types: readonly ActivityType[],
    after: ActivityPosition | undefined,
    limit: number,
  ): Promise<ActivityRecord[]> {
    const filter: Filter<ActivityDocument> = {
      memberId: { $in: [...memberIds] },
      memberActivityType: { $in: [...types] },
      deletedAt: null,
      ...afterPosition(after),
    };
    return this.#list(filter, limit, 0);
  }

  async #list(filter: Filter<ActivityDocument>, limit: number, skip: number): Promise<ActivityRecord[]> {
    const documents = await this.#activities.use((activities) =>
      activities.find(filter).sort(NEWEST_FIRST).skip(skip).limit(limit).toArray(),
    );
    return documents.map(toRecord);
  }
}

/** When those that are stored were last updated (epoch milliseconds). */
async function timesOf(
  activities: Collection<ActivityDocument>,
  records: readonly ActivityRecord[],
): Promise<ReadonlyMap<string, number>> {
  const documents = await activities
    .find({ _id: { $in: records.map(({ id }) => id) } })
    .project<Pick<ActivityDocument, "_id" | "updatedAt">>({ updatedAt: 1 })
    .toArray();
  return new Map(documents.map(({ _id, updatedAt }) => [_id, timeOf(updatedAt) ?? 0]));
}

/** Still asked of the store: another applier may have been there since the times were read. */
function updateIfLater(record: ActivityRecord): AnyBulkWriteOperation<ActivityDocument> {
  const { _id, eventId, memberActivityType, updatedAt } = toDocument(record);
  const later = { eventId, memberActivityType, updatedAt, correctedAt: null, deletedAt: null };
  return { updateOne: { filter: { _id, updatedAt: { $lt: updatedAt } }, update: { $set: later } } };
}

/** Writes a record over the document it was made from, and over no other. */
function rewriteAsSeen(
  record: ActivityRecord,
  seen: ActivityDocument | undefined,
): AnyBulkWriteOperation<ActivityDocument> {
  const document = toDocument(record);
  if (!seen) return { insertOne: { document } };
  const { _id, ...fields } = document;
  const filter: Filter<ActivityDocument> = {
    _id,
    eventId: seen.eventId,
    updatedAt: seen.updatedAt ?? null,
    correctedAt: seen.correctedAt ?? null,
    deletedAt: seen.deletedAt ?? null,
  };
  return { updateOne: { filter, update: { $set: fields } } };
}

function toDocument({ id, ...record }: ActivityRecord): ActivityDocument {
  return {
    _id: id,
    ...record,
    createdAt: new Date(record.createdAt),
    updatedAt: new Date(record.updatedAt),
    correctedAt: record.correctedAt === null ? null : new Date(record.correctedAt),
    deletedAt: record.deletedAt === null ? null : new Date(record.deletedAt),
  };
}

/** Null for one that was damaged. */
function timeOf(value: unknown): number | null {
  return value instanceof Date ? value.getTime() : null;
}

/** A time that was damaged counts as none, which every event is later than. */
function toRecord({ _id, ...document }: ActivityDocument): ActivityRecord {
  return {
    id: _id,
    messageKey: document.messageKey,
    eventId: document.eventId,
    memberId: document.memberId,
    postId: document.postId,
    commentId: document.commentId,
    memberActivityType: document.memberActivityType,
    createdAt: timeOf(document.createdAt) ?? 0,
    updatedAt: timeOf(document.updatedAt) ?? 0,
    correctedAt: timeOf(document.correctedAt),
    deletedAt: timeOf(document.deletedAt),
  };
}

function afterPosition(after: ActivityPosition | undefined): Filter<ActivityDocument> {
  if (!after) return {};
  const [createdAt, id] = [new Date(after[0]), after[1]];
  return { createdAt: { $lte: createdAt }, $or: [{ createdAt: { $lt: createdAt } }, { _id: { $lt: id } }] };
}

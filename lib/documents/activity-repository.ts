import type { ActivityType } from "../../contracts/events.ts";
import type { PageRequest } from "../paging/page-request.ts";
import {
  type ActivityRecord,
  byId,
  type RecordedEvent,
  type Rewriting,
  rewritten,
} from "./activity-record.ts";
import { documentIdOf } from "./document-id.ts";

/** Most events of one `apply` or `rewrite`. */
export const MAX_BATCH = 500;

/** Newest first: the time of creation, then the id. */
export type ActivityPosition = readonly [createdAt: number, id: string];

/** How many records reading events again touched, by what it did to them. */
export type RewriteReport = Readonly<Record<Rewriting, number>>;

/** What members did. The same on MongoDB and in SQL. Every method throws SERVICE_UNAVAILABLE when its store is away. */
export interface ActivityRepository {
  /**
   * Records up to `MAX_BATCH` events in one grouped write. Again, or in another order, it comes to the same:
   * an event changes a known record only if it is later. A later event also ends a correction.
   */
  apply(events: readonly RecordedEvent[]): Promise<void>;
  /** Puts the records of up to `MAX_BATCH` events right, past everything that `apply` takes as done. */
  rewrite(
    events: readonly RecordedEvent[],
    options: { readonly dryRun: boolean },
  ): Promise<{ readonly report: RewriteReport; readonly changed: readonly ActivityRecord[] }>;
  /** Tombstones too. */
  find(id: string): Promise<ActivityRecord | undefined>;
  /** Sets another type at a time; undefined where there is no such record, or a tombstone. */
  correct(id: string, type: ActivityType, at: number): Promise<ActivityRecord | undefined>;
  /** Makes a tombstone; answers whether there was a record. */
  drop(id: string, at: number): Promise<boolean>;
  /** A member's records, newest first; `size + 1` of them. */
  listOfMember(memberId: number, request: PageRequest<ActivityPosition>): Promise<ActivityRecord[]>;
  /** Records of these members and types, newest first, after a position. */
  listOfMembers(
    memberIds: readonly number[],
    types: readonly ActivityType[],
    after: ActivityPosition | undefined,
    limit: number,
  ): Promise<ActivityRecord[]>;
}

/**
 * What `rewrite` makes of the stored records, event by event. A record is counted once, by the greatest thing that
 * happens to it.
 */
export function rewriteInMemory(
  stored: readonly ActivityRecord[],
  events: readonly RecordedEvent[],
): { report: RewriteReport; changed: ActivityRecord[] } {
  const records = new Map(stored.map((record) => [record.id, record]));
  const outcomes = new Map<string, Rewriting>();
  for (const event of events) {
    const { what, record } = rewritten(records.get(documentIdOf(event.messageKey)), event);
    records.set(record.id, record);
    const before = outcomes.get(record.id);
    if (before === undefined || RANK[what] > RANK[before]) outcomes.set(record.id, what);
  }
  const report = { created: 0, rewritten: 0, unchanged: 0, kept: 0 };
  for (const what of outcomes.values()) report[what]++;
  const changed = [...outcomes].flatMap(([id, what]) =>
    what === "created" || what === "rewritten" ? (records.get(id) ?? []) : [],
  );
  return { report, changed: changed.sort(byId) };
}

const RANK: Readonly<Record<Rewriting, number>> = { kept: 0, unchanged: 1, rewritten: 2, created: 3 };

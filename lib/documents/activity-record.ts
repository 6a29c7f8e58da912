import type { ActivityType } from "../../contracts/events.ts";
import { isRepeatable } from "../../contracts/message-key.ts";
import { documentIdOf } from "./document-id.ts";

/** What a member did, as it is kept. Times are epoch milliseconds. */
export interface ActivityRecord {
  /** A UUID made from the message key: a record that was lost comes back with its id. */
  readonly id: string;
  readonly messageKey: string;
  /** The latest event under this key. */
  readonly eventId: string;
  readonly memberId: number;
  readonly postId: number | null;
  readonly commentId: number | null;
  readonly memberActivityType: ActivityType;
  /** Time of the first event under this key. */
  readonly createdAt: number;
  /** Time of the latest event, or of the member's own correction; what isn't later changes nothing. */
  readonly updatedAt: number;
  /** When its member corrected it. */
  readonly correctedAt: number | null;
  /** When its member dropped it: a tombstone, hidden from lists, so that a repeated event doesn't bring it back. */
  readonly deletedAt: number | null;
}

/** An event on its way into a record. */
export interface RecordedEvent {
  readonly messageKey: string;
  readonly eventId: string;
  readonly memberId: number;
  readonly postId: number | null;
  readonly commentId: number | null;
  readonly memberActivityType: ActivityType;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The record that an event under a new key makes. */
export function recordOf(event: RecordedEvent): ActivityRecord {
  const { messageKey, eventId, memberId, postId, commentId, memberActivityType, at } = event;
  return {
    id: documentIdOf(messageKey),
    messageKey,
    eventId,
    memberId,
    postId,
    commentId,
    memberActivityType,
    createdAt: at,
    updatedAt: at,
    correctedAt: null,
    deletedAt: null,
  };
}

/**
 * What a batch comes to: one record for each key, as if its events had been applied one after the other. In the order
 * of their ids, so that writers of the same records meet in the same order.
 */
export function recordsOf(events: readonly RecordedEvent[]): ActivityRecord[] {
  const byKey = new Map<string, ActivityRecord>();
  for (const event of events) {
    const record = byKey.get(event.messageKey);
    byKey.set(event.messageKey, record ? applied(record, event) : recordOf(event));
  }
  return [...byKey.values()].sort(byId);
}

/** The order in which records are locked. */
export function byId(a: ActivityRecord, b: ActivityRecord): number {
  return a.id < b.id ? -1 : 1;
}

/** A record after an event: changed only by a later one. */
function applied(record: ActivityRecord, event: RecordedEvent): ActivityRecord {
  return event.at > record.updatedAt ? { ...recordOf(event), createdAt: record.createdAt } : record;
}

/** What reading a day's events again does to one record. */
export type Rewriting = "created" | "rewritten" | "unchanged" | "kept";

/**
 * A record put right by an event that is read again: what the event says about its own act wins over what is stored,
 * unless the member corrected or dropped the record since. An older event of a repeated act leaves the latest state.
 */
export function rewritten(
  record: ActivityRecord | undefined,
  event: RecordedEvent,
): { readonly what: Rewriting; readonly record: ActivityRecord } {
  const made = recordOf(event);
  if (!record) return { what: "created", record: made };
  const isProtected = record.correctedAt !== null || record.deletedAt !== null;
  if (isProtected && (event.at <= record.updatedAt || event.eventId === record.eventId)) {
    return { what: "kept", record };
  }
  const repeats = isRepeatable(event.memberActivityType);
  const isLatest = !repeats || event.at >= record.updatedAt || event.eventId === record.eventId;
  const { eventId, updatedAt } = isLatest ? made : record;
  const createdAt = repeats ? Math.min(record.createdAt, made.createdAt) : made.createdAt;
  const right = { ...made, eventId, updatedAt, createdAt };
  return isEqual(record, right) ? { what: "unchanged", record } : { what: "rewritten", record: right };
}

function isEqual(a: ActivityRecord, b: ActivityRecord): boolean {
  return (Object.keys(b) as (keyof ActivityRecord)[]).every((name) => a[name] === b[name]);
}

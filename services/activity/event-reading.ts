import { type ActivityType, INTERNAL_TYPES, type MemberActivityEvent } from "../../contracts/events.ts";
import type { RecordedEvent } from "../../lib/documents/activity-record.ts";
import { type EventMessage, readEvent, type Unreadable } from "../../lib/event-log/event-reading.ts";

export type Reading =
  | { readonly kind: "event"; readonly event: RecordedEvent }
  /** An event that others follow and nobody records. */
  | { readonly kind: "internal" }
  | ({ readonly kind: "unreadable" } & Unreadable);

/** What a message has to be recorded. */
export function readMessage(message: EventMessage): Reading {
  const reading = readEvent(message);
  if (reading.kind === "unreadable") return reading;
  const { messageKey, event } = reading;
  if (isInternal(event.memberActivityType)) return { kind: "internal" };
  return { kind: "event", event: recordedEventOf(messageKey, event, event.memberActivityType) };
}

function recordedEventOf(
  messageKey: string,
  { eventId, memberId, postId, commentId, createdAt }: MemberActivityEvent,
  memberActivityType: ActivityType,
): RecordedEvent {
  return { messageKey, eventId, memberId, postId, commentId, memberActivityType, at: Date.parse(createdAt) };
}

function isInternal(
  type: MemberActivityEvent["memberActivityType"],
): type is (typeof INTERNAL_TYPES)[number] {
  return INTERNAL_TYPES.some((internal) => internal === type);
}

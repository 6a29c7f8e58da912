import { type ActivityType, INTERNAL_TYPES, MemberActivityEvent } from "../../contracts/events.ts";
import type { RecordedEvent } from "../../lib/documents/activity-record.ts";
import type { IncomingMessage } from "../../lib/event-log/event-log.ts";
import { AjvValidator } from "../../lib/validation/ajv-validator.ts";

/** A message as it arrives, from the event log, from a call, or out of a dead letter. */
export type ActivityMessage = Pick<IncomingMessage, "key" | "value"> &
  Partial<Pick<IncomingMessage, "topic" | "partition" | "offset">>;

/** Why a message can never become a record. */
export interface Unreadable {
  readonly category: "MALFORMED_JSON" | "INVALID_EVENT";
  readonly reason: string;
}

export type Reading =
  | { readonly kind: "event"; readonly event: RecordedEvent }
  /** An event that others follow and nobody records. */
  | { readonly kind: "internal" }
  | ({ readonly kind: "unreadable" } & Unreadable);

/** The length of a message key that the stores can hold. */
const MAX_KEY = 255;

const checkOrThrow = new AjvValidator().compile(MemberActivityEvent);

/** What a message says. */
export function readMessage({ key, value }: ActivityMessage): Reading {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value.toString());
  } catch (error) {
    return { kind: "unreadable", category: "MALFORMED_JSON", reason: String(error) };
  }
  const wrong =
    key === null || key === "" || key.length > MAX_KEY ? "The message has no usable key" : faultOf(parsed);
  if (wrong !== undefined) return { kind: "unreadable", category: "INVALID_EVENT", reason: wrong };
  const event = parsed as MemberActivityEvent;
  if (isInternal(event.memberActivityType)) return { kind: "internal" };
  return { kind: "event", event: recordedEventOf(key ?? "", event, event.memberActivityType) };
}

function recordedEventOf(
  messageKey: string,
  { eventId, memberId, postId, commentId, createdAt }: MemberActivityEvent,
  memberActivityType: ActivityType,
): RecordedEvent {
  return { messageKey, eventId, memberId, postId, commentId, memberActivityType, at: Date.parse(createdAt) };
}

function faultOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return "The value is no JSON object";
  try {
    checkOrThrow(value as Record<string, unknown>);
  } catch (error) {
    const { errors = [] } = (error as { data?: { errors?: { field: string; rule: string }[] } }).data ?? {};
    return `Wrong fields: ${errors.map(({ field, rule }) => `${field} (${rule})`).join(", ")}`;
  }
  // The format allows a leap second, which no clock of ours can tell.
  return Number.isNaN(Date.parse((value as MemberActivityEvent).createdAt))
    ? "Wrong fields: createdAt"
    : undefined;
}

function isInternal(
  type: MemberActivityEvent["memberActivityType"],
): type is (typeof INTERNAL_TYPES)[number] {
  return INTERNAL_TYPES.some((internal) => internal === type);
}

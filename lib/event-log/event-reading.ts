import { MemberActivityEvent } from "../../contracts/events.ts";
import { AjvValidator } from "../validation/ajv-validator.ts";
import type { IncomingMessage } from "./event-log.ts";

/** A message as it arrives, from the event log, from a call, or out of a dead letter. */
export type EventMessage = Pick<IncomingMessage, "key" | "value"> &
  Partial<Pick<IncomingMessage, "topic" | "partition" | "offset">>;

/** Why a message can never have an effect. */
export interface Unreadable {
  readonly category: "MALFORMED_JSON" | "INVALID_EVENT";
  readonly reason: string;
}

export type EventReading =
  | { readonly kind: "event"; readonly messageKey: string; readonly event: MemberActivityEvent }
  | ({ readonly kind: "unreadable" } & Unreadable);

/** The length of a message key that the stores can hold. */
const MAX_KEY = 255;

const checkOrThrow = new AjvValidator().compile(MemberActivityEvent);

/** What a message says. */
export function readEvent({ key, value }: EventMessage): EventReading {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value.toString());
  } catch (error) {
    return { kind: "unreadable", category: "MALFORMED_JSON", reason: String(error) };
  }
  if (key === null || key === "" || key.length > MAX_KEY) return invalid("The message has no usable key");
  const fault = faultOf(parsed);
  if (fault !== undefined) return invalid(fault);
  return { kind: "event", messageKey: key, event: parsed as MemberActivityEvent };
}

function invalid(reason: string): EventReading {
  return { kind: "unreadable", category: "INVALID_EVENT", reason };
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

import { createHash } from "node:crypto";
import type { NewDeadLetter } from "../documents/dead-letter.ts";
import type { EventMessage, Unreadable } from "./event-reading.ts";

/** The dead letter of a message that no attempt can help. `consumer` is the group without the namespace. */
export function unreadableLetter(
  consumer: string,
  message: EventMessage,
  { category, reason }: Unreadable,
): NewDeadLetter {
  const { topic, partition, offset } = message;
  // Without an offset (by a call) the same content is the same message.
  const place = offset ?? createHash("sha256").update(message.value).digest("hex");
  const source = [topic, partition, place].join("/");
  return {
    ...letterOf(consumer, message),
    eventId: null,
    category,
    reason,
    error: null,
    attempts: 1,
    source,
  };
}

/** The dead letter of an event that kept failing. */
export function failureLetter(
  consumer: string,
  message: EventMessage,
  { eventId, error, attempts }: { eventId: string; error: unknown; attempts: number },
): NewDeadLetter {
  return {
    ...letterOf(consumer, message),
    eventId,
    category: "HANDLER_FAILED",
    reason: error instanceof Error ? error.message : String(error),
    error: error instanceof Error ? (error.stack ?? null) : null,
    attempts,
  };
}

function letterOf(consumer: string, { topic, partition, key, value }: EventMessage) {
  return {
    side: "LISTENER" as const,
    consumer,
    messageKey: key,
    topic: topic ?? null,
    partition: partition ?? null,
    payload: value,
    at: Date.now(),
  };
}

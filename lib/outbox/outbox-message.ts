import { topicOf } from "../../config/topics.ts";
import type { OutgoingMessage } from "../event-log/event-log.ts";
import type { OutboxRow } from "./outbox.repository.ts";

/** Of the value's form; grows when a field changes its meaning. */
const SCHEMA_VERSION = "1";

/** The message of an event, in the topic of that date. */
export function messageOf(
  { family, partition, messageKey, payload, type, requestId }: Omit<OutboxRow, "id" | "attempts">,
  { date, namespace }: { readonly date: string; readonly namespace: string },
): OutgoingMessage {
  return {
    topic: topicOf(family, date, namespace),
    partition,
    key: messageKey,
    value: payload,
    headers: {
      "event-type": type,
      "schema-version": SCHEMA_VERSION,
      ...(requestId === null ? {} : { "request-id": requestId }),
    },
  };
}

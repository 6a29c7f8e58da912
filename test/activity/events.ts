import { randomUUID } from "node:crypto";
import type { RecordedEvent } from "../../lib/documents/activity-record.ts";

/** A time that every test counts from: events lie before now, as in life. */
export const START = Date.parse("2026-01-31T00:00:00.000Z");

/** Another event under the key of `of`, or of its own. */
export function eventAt(at: number, event: Partial<RecordedEvent> = {}): RecordedEvent {
  const { memberId = 1, postId = 10, memberActivityType = "LIKE_POST" } = event;
  return {
    messageKey: `member_activity:kafka_event:${memberActivityType}###${postId}###${memberId}`,
    eventId: randomUUID(),
    memberId,
    postId,
    commentId: null,
    memberActivityType,
    at: START + at,
    ...event,
  };
}

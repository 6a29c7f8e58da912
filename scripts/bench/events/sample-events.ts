import { randomUUID } from "node:crypto";
import type { MemberActivityEvent } from "../../../contracts/events.ts";
import { messageKeyOf } from "../../../contracts/message-key.ts";
import type { EventMessage } from "../../../lib/event-log/event-reading.ts";
import { EventClock } from "../../../lib/outbox/event-clock.ts";
import type { NewEvent } from "../../../lib/outbox/outbox-writer.ts";

const POSTS = 1_013;
const MEMBERS = 97;
const clock = new EventClock("Asia/Seoul");
let made = 0;

/** Edits of posts by members, in turn: each has a message key of its own. */
export function sampleEvents(count: number): NewEvent[] {
  return Array.from({ length: count }, () => {
    made++;
    return {
      type: "POST_UPDATE",
      memberId: 1 + (made % MEMBERS),
      postId: 1 + (made % POSTS),
      at: Date.now(),
    };
  });
}

/** The same as they come out of the event log. */
export function sampleMessages(count: number): EventMessage[] {
  return sampleEvents(count).map((event) => {
    const at = new Date(event.at).toISOString();
    const value: MemberActivityEvent = {
      eventId: randomUUID(),
      memberId: event.memberId,
      postId: event.postId ?? null,
      commentId: null,
      memberActivityType: event.type,
      createdAt: at,
      updatedAt: at,
    };
    return { key: messageKeyOf(event, clock.next()), value: Buffer.from(JSON.stringify(value)) };
  });
}

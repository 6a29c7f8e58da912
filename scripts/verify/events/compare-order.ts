import type { CommittedEvent } from "./compare-activities.ts";

/** A message of the event log. */
export interface LoggedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly eventId: string;
}

export interface OrderComparison {
  /** One line for each. */
  readonly differences: readonly string[];
  /** Committed events that are in no topic. */
  readonly missing: number;
  /** Messages that say again what one before said: allowed after a lost confirmation, consumers drop them. */
  readonly repeats: number;
}

/**
 * In each topic, the events of one post (of one member, where there is no post) are in one partition and come for the
 * first time in the order of their commits.
 */
export function compareOrder(
  committed: readonly CommittedEvent[],
  messages: readonly LoggedMessage[],
): OrderComparison {
  const byId = new Map(committed.map((event) => [event.eventId, event]));
  const seen = new Set<string>();
  const differences: string[] = [];
  let repeats = 0;
  /** The last first-comer of each topic's subjects. */
  const last = new Map<string, { readonly partition: number; readonly id: number }>();
  const inOrder = messages.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
  for (const { topic, partition, eventId } of inOrder) {
    const event = byId.get(eventId);
    if (!event) {
      differences.push(`${topic}/${partition}: ${eventId} was never committed`);
      continue;
    }
    if (seen.has(eventId)) {
      repeats++;
      continue;
    }
    seen.add(eventId);
    const subject = event.postId === null ? `member ${event.memberId}` : `post ${event.postId}`;
    const before = last.get(`${topic} ${subject}`);
    if (before && before.partition !== partition) {
      differences.push(`${topic}: ${subject} is in the partitions ${before.partition} and ${partition}`);
    } else if (before && before.id > event.id) {
      differences.push(`${topic}/${partition}: of ${subject}, event ${event.id} comes after ${before.id}`);
    }
    last.set(`${topic} ${subject}`, { partition, id: event.id });
  }
  return { differences, missing: committed.length - seen.size, repeats };
}

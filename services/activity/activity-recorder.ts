import { randomUUID } from "node:crypto";
import { domainError, validationError } from "../../contracts/errors.ts";
import type { ActivityType } from "../../contracts/events.ts";
import { messageKeyOf } from "../../contracts/message-key.ts";
import type { ActivityRecord } from "../../lib/documents/activity-record.ts";
import type { ActivityRepository } from "../../lib/documents/activity-repository.ts";
import { documentIdOf } from "../../lib/documents/document-id.ts";
import { EventClock } from "../../lib/outbox/event-clock.ts";
import { groupOf } from "./activity-groups.ts";

/** What a member says to have done. */
export interface Deed {
  readonly memberId: number;
  readonly postId: number;
  readonly commentId: number | null;
  readonly type: ActivityType;
}

/** How often a deed that meets others under the same key is tried. */
const MAX_ATTEMPTS = 5;

/** Records that members make and correct themselves. */
export class ActivityRecorder {
  readonly #activities: ActivityRepository;
  readonly #clock: EventClock;

  constructor(activities: ActivityRepository, { timeZone }: { readonly timeZone: string }) {
    this.#activities = activities;
    this.#clock = new EventClock(timeZone);
  }

  /**
   * Records a deed of now, just as an event of now would: under the event's key. A type whose key has a time gets a
   * record of its own. Of the others (created, liked, like cancelled) there is one record, which is the event's too:
   * it takes the new time, comes back if it was dropped, and keeps its time of creation.
   */
  async record({ memberId, postId, commentId, type }: Deed): Promise<ActivityRecord> {
    const messageKey = messageKeyOf({ type, memberId, postId, commentId }, this.#clock.next());
    const eventId = randomUUID();
    for (let at = Date.now(), attempt = 1; ; attempt++) {
      const event = { messageKey, eventId, memberId, postId, commentId, memberActivityType: type, at };
      await this.#activities.apply([event]);
      const record = await this.#activities.find(documentIdOf(messageKey));
      if (record && (record.eventId === eventId || attempt === MAX_ATTEMPTS)) return record;
      // The record has a later time: the same millisecond, or that of a node whose clock is ahead.
      at = Math.max(at, record?.updatedAt ?? 0) + 1;
    }
  }

  /**
   * Sets another type of the same group.
   * @throws ACTIVITY_NOT_FOUND, MEMBER_FORBIDDEN, VALIDATION_ERROR for a type of another group
   */
  async correctOrThrow(id: string, callerId: number, type: ActivityType): Promise<ActivityRecord> {
    const { memberActivityType } = await this.#findOwnOrThrow(id, callerId);
    const group = groupOf(memberActivityType);
    if (!group.includes(type)) {
      throw validationError({ field: "activityType", rule: "enum", limit: group.join(", ") });
    }
    const corrected = await this.#activities.correct(id, type, Date.now());
    if (!corrected) throw domainError("ACTIVITY_NOT_FOUND");
    return corrected;
  }

  /** @throws ACTIVITY_NOT_FOUND, MEMBER_FORBIDDEN */
  async dropOrThrow(id: string, callerId: number): Promise<void> {
    await this.#findOwnOrThrow(id, callerId);
    if (!(await this.#activities.drop(id, Date.now()))) throw domainError("ACTIVITY_NOT_FOUND");
  }

  async #findOwnOrThrow(id: string, callerId: number): Promise<ActivityRecord> {
    const record = await this.#activities.find(id);
    if (!record || record.deletedAt !== null) throw domainError("ACTIVITY_NOT_FOUND");
    if (record.memberId !== callerId) throw domainError("MEMBER_FORBIDDEN");
    return record;
  }
}

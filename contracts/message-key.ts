import type { EventType } from "./events.ts";

/** Whom and what an event is about. */
export interface EventSubject {
  readonly type: EventType;
  /** Who did it. */
  readonly memberId: number;
  readonly postId?: number | null;
  readonly commentId?: number | null;
  /** Who was followed or unfollowed. */
  readonly otherMemberId?: number | null;
}

type IdName = "memberId" | "postId" | "commentId" | "otherMemberId";

interface KeyRule {
  readonly ids: readonly IdName[];
  /** False where the same deed again is to have the same key. */
  readonly isTimed: boolean;
}

const PREFIX = "member_activity:kafka_event:";
const SEPARATOR = "###";

const once = (...ids: readonly IdName[]): KeyRule => ({ ids, isTimed: false });
const timed = (...ids: readonly IdName[]): KeyRule => ({ ids, isTimed: true });

const RULES: Readonly<Record<EventType, KeyRule>> = {
  POST_CREATE: once("postId", "memberId"),
  POST_UPDATE: timed("postId", "memberId"),
  POST_DELETE: timed("postId", "memberId"),
  POST_READ: timed("postId", "memberId"),
  COMMENT_CREATE: once("commentId", "memberId"),
  COMMENT_UPDATE: timed("commentId", "memberId"),
  COMMENT_DELETE: timed("commentId", "memberId"),
  COMMENT_READ: timed("commentId", "memberId"),
  LIKE_POST: once("postId", "memberId"),
  LIKE_POST_CANCEL: once("postId", "memberId"),
  LIKE_COMMENT: once("commentId", "memberId"),
  LIKE_COMMENT_CANCEL: once("commentId", "memberId"),
  MEMBER_SIGNUP: timed("memberId"),
  MEMBER_LOGIN: timed("memberId"),
  MEMBER_LOGOUT: timed("memberId"),
  MEMBER_FOLLOW: timed("memberId", "otherMemberId"),
  MEMBER_UNFOLLOW: timed("memberId", "otherMemberId"),
  MEMBER_UPDATE: timed("memberId"),
  MEMBER_WITHDRAW: timed("memberId"),
};

/** Whether the same deed again has the same key. */
export function isRepeatable(type: EventType): boolean {
  return !RULES[type].isTimed;
}

/**
 * The key of an event's message, by which repetitions are found. Other products read it: its form never changes.
 * @param timestamp the event's time as `EventClock` writes it
 * @throws TypeError when the event lacks an id that its type's key has
 */
export function messageKeyOf(event: EventSubject, timestamp: string): string {
  const { ids, isTimed } = RULES[event.type];
  const values = ids.map((name) => {
    const id = event[name];
    if (id === undefined || id === null) throw new TypeError(`${event.type} needs ${name}`);
    return id;
  });
  return PREFIX + [event.type, ...values, ...(isTimed ? [timestamp] : [])].join(SEPARATOR);
}

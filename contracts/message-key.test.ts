import { expect, it } from "vitest";
import { EVENT_TYPES, type EventType } from "./events.ts";
import { messageKeyOf } from "./message-key.ts";

const TIME = "2026-11-25 09:00:00.123000001";
const EVENT = { memberId: 7, postId: 11, commentId: 13, otherMemberId: 17 };

const KEYS: Record<EventType, string> = {
  POST_CREATE: "member_activity:kafka_event:POST_CREATE###11###7",
  POST_UPDATE: `member_activity:kafka_event:POST_UPDATE###11###7###${TIME}`,
  POST_DELETE: `member_activity:kafka_event:POST_DELETE###11###7###${TIME}`,
  POST_READ: `member_activity:kafka_event:POST_READ###11###7###${TIME}`,
  COMMENT_CREATE: "member_activity:kafka_event:COMMENT_CREATE###13###7",
  COMMENT_UPDATE: `member_activity:kafka_event:COMMENT_UPDATE###13###7###${TIME}`,
  COMMENT_DELETE: `member_activity:kafka_event:COMMENT_DELETE###13###7###${TIME}`,
  COMMENT_READ: `member_activity:kafka_event:COMMENT_READ###13###7###${TIME}`,
  LIKE_POST: "member_activity:kafka_event:LIKE_POST###11###7",
  LIKE_POST_CANCEL: "member_activity:kafka_event:LIKE_POST_CANCEL###11###7",
  LIKE_COMMENT: "member_activity:kafka_event:LIKE_COMMENT###13###7",
  LIKE_COMMENT_CANCEL: "member_activity:kafka_event:LIKE_COMMENT_CANCEL###13###7",
  MEMBER_SIGNUP: `member_activity:kafka_event:MEMBER_SIGNUP###7###${TIME}`,
  MEMBER_LOGIN: `member_activity:kafka_event:MEMBER_LOGIN###7###${TIME}`,
  MEMBER_LOGOUT: `member_activity:kafka_event:MEMBER_LOGOUT###7###${TIME}`,
  MEMBER_FOLLOW: `member_activity:kafka_event:MEMBER_FOLLOW###7###17###${TIME}`,
  MEMBER_UNFOLLOW: `member_activity:kafka_event:MEMBER_UNFOLLOW###7###17###${TIME}`,
  MEMBER_UPDATE: `member_activity:kafka_event:MEMBER_UPDATE###7###${TIME}`,
  MEMBER_WITHDRAW: `member_activity:kafka_event:MEMBER_WITHDRAW###7###${TIME}`,
};

it.each(EVENT_TYPES)("writes the key of %s", (type) => {
  expect(messageKeyOf({ type, ...EVENT }, TIME)).toBe(KEYS[type]);
});

it("refuses an event without an id that its key has", () => {
  expect(() => messageKeyOf({ type: "LIKE_COMMENT", memberId: 7, postId: 11 }, TIME)).toThrow(
    "LIKE_COMMENT needs commentId",
  );
});

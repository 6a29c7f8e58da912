import { expect, it } from "vitest";
import type { CommittedEvent } from "./compare-activities.ts";
import { compareOrder, type LoggedMessage } from "./compare-order.ts";

const event = (id: number, postId: number | null, memberId = 1): CommittedEvent => ({
  id,
  messageKey: `key ${id}`,
  eventId: `event ${id}`,
  type: "POST_UPDATE",
  memberId,
  postId,
  commentId: null,
  at: 0,
});
const message = (offset: number, id: number, partition = 0, topic = "today"): LoggedMessage => ({
  topic,
  partition,
  offset,
  eventId: `event ${id}`,
});

it("is content with each post's events in the order of their commits", () => {
  const committed = [event(1, 7), event(2, 8), event(3, 7)];
  expect(compareOrder(committed, [message(1, 1), message(0, 2), message(2, 3)])).toEqual({
    differences: [],
    missing: 0,
    repeats: 0,
  });
});

it("finds two events of a post, or of a member, that changed places", () => {
  expect(compareOrder([event(1, 7), event(2, 7)], [message(0, 2), message(1, 1)]).differences).toEqual([
    "today/0: of post 7, event 1 comes after 2",
  ]);
  expect(compareOrder([event(1, null), event(2, null)], [message(0, 2), message(1, 1)]).differences).toEqual([
    "today/0: of member 1, event 1 comes after 2",
  ]);
});

it("counts repeated and missing events, and is content with both", () => {
  const committed = [event(1, 7), event(2, 7), event(3, 7)];
  expect(compareOrder(committed, [message(0, 1), message(1, 2), message(2, 1)])).toEqual({
    differences: [],
    missing: 1,
    repeats: 1,
  });
});

it("finds a post in two partitions, but not in two topics", () => {
  const committed = [event(1, 7), event(2, 7)];
  expect(compareOrder(committed, [message(0, 1), message(0, 2, 1)]).differences).toHaveLength(1);
  expect(compareOrder(committed, [message(0, 1, 0, "tomorrow"), message(0, 2, 0)]).differences).toEqual([]);
});

it("finds a message of nothing that was committed", () => {
  expect(compareOrder([], [message(0, 1)]).differences).toEqual(["today/0: event 1 was never committed"]);
});

import { Collection } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { ActivityRecord, RecordedEvent } from "../../lib/documents/activity-record.ts";
import { recordOf } from "../../lib/documents/activity-record.ts";
import type { ActivityPosition } from "../../lib/documents/activity-repository.ts";
import { documentIdOf } from "../../lib/documents/document-id.ts";
import { type DocumentStore, STORE_KINDS, startDocuments } from "./document-stores.ts";
import { eventAt, START } from "./events.ts";

let members = 100;
/** A member nobody else writes about. */
const newMember = () => ++members;

describe.each(STORE_KINDS)("activities on %s", (kind) => {
  let store: DocumentStore;
  beforeAll(async () => {
    store = await startDocuments(kind);
  });
  afterAll(() => store.stop());

  const stored = ({ messageKey }: RecordedEvent) => store.activities.find(documentIdOf(messageKey));
  const listOf = (memberId: number, size = 100) =>
    store.activities.listOfMember(memberId, { page: 0, size, offset: 0, after: undefined });

  test("an event makes a record, and again changes nothing", async () => {
    const event = eventAt(1, { memberId: newMember() });
    await store.activities.apply([event]);
    const expected = { ...recordOf(event), createdAt: START + 1, updatedAt: START + 1, correctedAt: null };
    expect(await stored(event)).toEqual(expected);
    await store.activities.apply([event]);
    await store.activities.apply([event, event]);
    expect(await listOf(event.memberId)).toEqual([expected]);
  });

  test("like, cancel, like: the last one wins, whatever comes again and late", async () => {
    const memberId = newMember();
    const like = eventAt(1, { memberId });
    const cancel = eventAt(2, { memberId, memberActivityType: "LIKE_POST_CANCEL" });
    const again = eventAt(3, { memberId });
    await store.activities.apply([like]);
    await store.activities.apply([cancel]);
    await store.activities.apply([again]);
    const expected = { ...recordOf(again), createdAt: like.at, updatedAt: again.at };
    expect(await stored(again)).toEqual(expected);
    await store.activities.apply([like]);
    await store.activities.apply([cancel, like]);
    expect(await stored(again)).toEqual(expected);
    expect(await stored(cancel)).toEqual(recordOf(cancel));
  });

  test("events of one key in one batch come to the same as one by one", async () => {
    const memberId = newMember();
    const [first, second, third] = [
      eventAt(10, { memberId }),
      eventAt(30, { memberId }),
      eventAt(20, { memberId }),
    ];
    await store.activities.apply([first, second, third]);
    expect(await stored(first)).toEqual({ ...recordOf(second), createdAt: first.at });
  });

  test("an event that is as old as the record changes nothing", async () => {
    const memberId = newMember();
    const event = eventAt(5, { memberId });
    await store.activities.apply([event]);
    await store.activities.apply([eventAt(5, { memberId }), eventAt(4, { memberId })]);
    expect(await stored(event)).toEqual(recordOf(event));
  });

  test("a batch of 500 is recorded, and mixed with known ones again", async () => {
    const memberId = newMember();
    const events = Array.from({ length: 500 }, (_, index) =>
      eventAt(index, { memberId, postId: 1_000 + index }),
    );
    await store.activities.apply(events.slice(0, 250));
    await store.activities.apply(events);
    const records = await listOf(memberId, 600);
    expect(records).toEqual(events.map(recordOf).reverse());
  });

  test.runIf(kind === "mongo")("of a batch that comes again only what is later is updated", async () => {
    const memberId = newMember();
    const events = Array.from({ length: 20 }, (_, index) => eventAt(10, { memberId, postId: 2_000 + index }));
    await store.activities.apply(events);
    // An insert of many is one, too.
    const writes = vi.spyOn(Collection.prototype, "bulkWrite");
    const updates = () =>
      writes.mock.calls.flatMap(([operations]) => operations.filter((one) => "updateOne" in one));
    try {
      await store.activities.apply(events);
      expect(updates()).toHaveLength(0);
      await store.activities.apply([...events.slice(1), eventAt(11, { memberId, postId: 2_000 })]);
      expect(updates()).toHaveLength(1);
    } finally {
      writes.mockRestore();
    }
  });

  test("appliers at the same time, in any order, come to one record for each key with its latest event", async () => {
    const memberId = newMember();
    const keys = Array.from({ length: 20 }, (_, index) => 5_000 + index);
    const events = keys.flatMap((postId) =>
      Array.from({ length: 8 }, (_, time) => eventAt(time, { memberId, postId })),
    );
    const shuffled = (seed: number) =>
      events
        .map((event, index) => ({ event, rank: (index * 7_919 * seed) % 104_729 }))
        .sort((a, b) => a.rank - b.rank);
    await Promise.all(
      [1, 2, 3, 4, 5, 6].map((seed) => store.activities.apply(shuffled(seed).map(({ event }) => event))),
    );
    const latest = events.filter(({ at }) => at === START + 7);
    const records = await listOf(memberId);
    expect(records.map(({ eventId }) => eventId).sort()).toEqual(latest.map(({ eventId }) => eventId).sort());
    for (const record of records) expect(record.updatedAt).toBe(START + 7);
  });

  describe("a correction", () => {
    test("changes the type, stays when the event comes again, and ends with a later event", async () => {
      const memberId = newMember();
      const event = eventAt(1, { memberId });
      await store.activities.apply([event]);
      const { id } = recordOf(event);
      const corrected = await store.activities.correct(id, "LIKE_POST_CANCEL", START + 100);
      expect(corrected).toEqual({
        ...recordOf(event),
        memberActivityType: "LIKE_POST_CANCEL",
        correctedAt: START + 100,
        updatedAt: START + 100,
      });
      await store.activities.apply([event, eventAt(99, { memberId })]);
      expect(await store.activities.find(id)).toEqual(corrected);
      const later = eventAt(101, { memberId });
      await store.activities.apply([later]);
      expect(await store.activities.find(id)).toEqual({ ...recordOf(later), createdAt: event.at });
    });

    test("never sets a record back in time", async () => {
      const event = eventAt(100, { memberId: newMember() });
      await store.activities.apply([event]);
      const corrected = await store.activities.correct(recordOf(event).id, "LIKE_POST_CANCEL", START);
      expect(corrected).toMatchObject({ correctedAt: START, updatedAt: START + 100 });
    });

    test("needs a record", async () => {
      expect(await store.activities.correct(documentIdOf("nothing"), "LIKE_POST", START)).toBeUndefined();
    });
  });

  describe("a dropped record", () => {
    test("is a tombstone that lists don't show and the same event doesn't bring back", async () => {
      const event = eventAt(1, { memberId: newMember() });
      await store.activities.apply([event]);
      const { id } = recordOf(event);
      expect(await store.activities.drop(id, START + 100)).toBe(true);
      expect(await store.activities.drop(id, START + 101)).toBe(false);
      await store.activities.apply([event]);
      expect(await listOf(event.memberId)).toEqual([]);
      expect(await store.activities.listOfMembers([event.memberId], ["LIKE_POST"], undefined, 10)).toEqual(
        [],
      );
      expect(await store.activities.find(id)).toMatchObject({ deletedAt: START + 100 });
      expect(await store.activities.correct(id, "LIKE_POST_CANCEL", START + 102)).toBeUndefined();
    });

    test("comes back when it is done again later", async () => {
      const memberId = newMember();
      const event = eventAt(1, { memberId });
      await store.activities.apply([event]);
      await store.activities.drop(recordOf(event).id, START + 100);
      const later = eventAt(101, { memberId });
      await store.activities.apply([later]);
      expect(await listOf(memberId)).toEqual([{ ...recordOf(later), createdAt: event.at }]);
    });
  });

  describe("reading events again", () => {
    const rewrite = (events: readonly RecordedEvent[], dryRun = false) =>
      store.activities.rewrite(events, { dryRun });

    test("makes lost records and puts damaged ones right, with the ids they had", async () => {
      const memberId = newMember();
      const read = (at: number, postId: number) =>
        eventAt(at, {
          memberId,
          postId,
          memberActivityType: "POST_READ",
          messageKey: `member_activity:kafka_event:POST_READ###${postId}###${memberId}###${at}`,
        });
      const like = eventAt(1, { memberId, postId: 1 });
      const likeAgain = eventAt(3, { memberId, postId: 1 });
      const events = [like, likeAgain, read(4, 2), read(5, 3), eventAt(6, { memberId, postId: 4 })];
      await store.activities.apply([...events.slice(0, 3), ...events.slice(4)]);
      const oracle: ActivityRecord[] = [
        recordOf(events[4] as RecordedEvent),
        recordOf(events[3] as RecordedEvent),
        recordOf(events[2] as RecordedEvent),
        { ...recordOf(likeAgain), createdAt: like.at },
      ];
      const wrong = oracle[2] as ActivityRecord;
      await store.damage(wrong.id);
      expect(await store.activities.find(wrong.id)).not.toEqual(wrong);

      expect((await rewrite(events, true)).report).toEqual({
        created: 1,
        rewritten: 1,
        unchanged: 2,
        kept: 0,
      });
      expect(await listOf(memberId)).toHaveLength(3);
      const { report, changed } = await rewrite(events);
      expect(report).toEqual({ created: 1, rewritten: 1, unchanged: 2, kept: 0 });
      expect(changed.map(({ id }) => id).sort()).toEqual([wrong.id, oracle[1]?.id].sort());
      expect(await listOf(memberId)).toEqual(oracle);
      expect((await rewrite(events)).report).toEqual({ created: 0, rewritten: 0, unchanged: 4, kept: 0 });
    });

    test("keeps what its member corrected or dropped", async () => {
      const memberId = newMember();
      const events = [1, 2].map((postId) => eventAt(postId, { memberId, postId }));
      await store.activities.apply(events);
      const [corrected = "", dropped = ""] = events.map((event) => recordOf(event).id);
      await store.activities.correct(corrected, "LIKE_POST_CANCEL", START + 100);
      await store.activities.drop(dropped, START + 100);
      expect((await rewrite(events)).report).toEqual({ created: 0, rewritten: 0, unchanged: 0, kept: 2 });
      expect(await store.activities.find(corrected)).toMatchObject({
        memberActivityType: "LIKE_POST_CANCEL",
      });
      expect(await store.activities.find(dropped)).toMatchObject({ deletedAt: START + 100 });
    });

    test("of an older day leaves the later state of a repeated act", async () => {
      const memberId = newMember();
      const [yesterday, today] = [eventAt(1, { memberId }), eventAt(86_400_000, { memberId })];
      await store.activities.apply([yesterday]);
      await store.activities.apply([today]);
      expect((await rewrite([yesterday])).report).toMatchObject({ unchanged: 1 });
      expect(await stored(today)).toEqual({ ...recordOf(today), createdAt: yesterday.at });
    });

    test("while others apply them loses nothing", async () => {
      const memberId = newMember();
      const events = Array.from({ length: 50 }, (_, index) =>
        eventAt(index, { memberId, postId: index + 1 }),
      );
      await Promise.all([
        rewrite(events),
        store.activities.apply(events),
        rewrite(events),
        store.activities.apply(events),
      ]);
      expect(await listOf(memberId)).toEqual(events.map(recordOf).reverse());
    });
  });

  test("pages by time, then by id, also among records of one millisecond", async () => {
    const memberId = newMember();
    const events = Array.from({ length: 25 }, (_, index) =>
      eventAt(Math.floor(index / 10), { memberId, postId: index + 1 }),
    );
    await store.activities.apply(events);
    const whole = await listOf(memberId);
    expect(whole).toHaveLength(25);
    const byOrder = (a: ActivityRecord, b: ActivityRecord) =>
      b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
    expect(whole).toEqual([...whole].sort(byOrder));

    const walked: ActivityRecord[] = [];
    let after: ActivityPosition | undefined;
    for (;;) {
      const page = await store.activities.listOfMember(memberId, { page: 0, size: 4, offset: 0, after });
      walked.push(...page.slice(0, 4));
      const last = walked.at(-1);
      if (page.length <= 4 || !last) break;
      after = [last.createdAt, last.id];
    }
    expect(walked).toEqual(whole);
    const second = await store.activities.listOfMember(memberId, {
      page: 1,
      size: 10,
      offset: 10,
      after: undefined,
    });
    expect(second).toEqual(whole.slice(10, 21));
  });

  test("lists several members' records of some types together, newest first", async () => {
    const [one, two, three] = [newMember(), newMember(), newMember()];
    const events = [one, two, three].flatMap((memberId, index) => [
      eventAt(index, { memberId }),
      eventAt(index + 10, { memberId, memberActivityType: "POST_READ" }),
      eventAt(index + 20, { memberId, memberActivityType: "POST_CREATE" }),
    ]);
    await store.activities.apply(events);
    const list = await store.activities.listOfMembers(
      [one, two],
      ["LIKE_POST", "POST_CREATE"],
      undefined,
      10,
    );
    expect(list.map(({ memberId, memberActivityType }) => [memberId, memberActivityType])).toEqual([
      [two, "POST_CREATE"],
      [one, "POST_CREATE"],
      [two, "LIKE_POST"],
      [one, "LIKE_POST"],
    ]);
    expect(await store.activities.listOfMembers([], ["LIKE_POST"], undefined, 10)).toEqual([]);
  });

  test("answers the health check", async () => {
    expect(store.healthChecks.map(({ name, effect }) => [name, effect])).toEqual([
      [kind === "mongo" ? "mongo" : "database", "required"],
    ]);
    await store.healthChecks[0]?.check();
  });
});

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { domainError } from "../../contracts/errors.ts";
import { type RecordedEvent, recordOf } from "../../lib/documents/activity-record.ts";
import type { ActivityRepository } from "../../lib/documents/activity-repository.ts";
import { type DeadLetterRepository, payloadOf } from "../../lib/documents/dead-letter.ts";
import { documentIdOf } from "../../lib/documents/document-id.ts";
import type { EventMessage } from "../../lib/event-log/event-reading.ts";
import { SeenEvents } from "../../lib/event-log/seen-events.ts";
import type { KeyValueStore } from "../../lib/key-value/key-value-store.ts";
import { MemoryStore } from "../../lib/key-value/memory-store.ts";
import { EventApplier } from "../../services/activity/event-applier.ts";
import { type DocumentStore, STORE_KINDS, startDocuments } from "./document-stores.ts";
import { eventAt } from "./events.ts";

let members = 10_000;
let offsets = 0;

function messageOf(event: RecordedEvent, value: object = {}): EventMessage {
  const { messageKey, at, ...fields } = event;
  const time = new Date(at).toISOString();
  return {
    topic: "member-activity-20260131",
    partition: 2,
    offset: String(++offsets),
    key: messageKey,
    value: Buffer.from(JSON.stringify({ ...fields, createdAt: time, updatedAt: time, ...value })),
  };
}

/** Counts the grouped writes, and fails them where it is told to. */
function watched(activities: ActivityRepository) {
  const watch = {
    writes: 0,
    failure: (_events: readonly RecordedEvent[]): Error | undefined => undefined,
    repository: {
      ...bound(activities),
      apply: async (events: readonly RecordedEvent[]) => {
        watch.writes++;
        const error = watch.failure(events);
        if (error) throw error;
        await activities.apply(events);
      },
    },
  };
  return watch;
}

function bound(activities: ActivityRepository): ActivityRepository {
  return {
    apply: (events) => activities.apply(events),
    rewrite: (events, options) => activities.rewrite(events, options),
    find: (id) => activities.find(id),
    correct: (id, type, at) => activities.correct(id, type, at),
    drop: (id, at) => activities.drop(id, at),
    listOfMember: (memberId, request) => activities.listOfMember(memberId, request),
    listOfMembers: (ids, types, after, limit) => activities.listOfMembers(ids, types, after, limit),
  };
}

const AWAY: KeyValueStore = {
  get: () => Promise.reject(new Error("Redis is away")),
  set: () => Promise.reject(new Error("Redis is away")),
  getMany: () => Promise.reject(new Error("Redis is away")),
  setMany: () => Promise.reject(new Error("Redis is away")),
  delete: () => Promise.reject(new Error("Redis is away")),
};

describe.each(STORE_KINDS)("applying events on %s", (kind) => {
  let store: DocumentStore;
  let keyValue: MemoryStore;
  let watch: ReturnType<typeof watched>;
  beforeAll(async () => {
    store = await startDocuments(kind);
  });
  afterAll(() => store.stop());
  beforeEach(() => {
    keyValue = new MemoryStore();
    watch = watched(store.activities);
  });

  const applierWith = (
    memory: KeyValueStore = keyValue,
    deadLetters: DeadLetterRepository = store.deadLetters,
  ) =>
    new EventApplier({
      activities: watch.repository,
      deadLetters,
      seen: new SeenEvents(memory, 60_000),
      logger: { warn: () => undefined },
      firstPause: 1,
    });
  const stored = ({ messageKey }: RecordedEvent) => store.activities.find(documentIdOf(messageKey));
  const newEvent = (at = 1, event: Partial<RecordedEvent> = {}) =>
    eventAt(at, { memberId: ++members, ...event });
  const lettersOf = async (key: string | null) =>
    (await store.deadLetters.list({ consumer: "activity" }, 1_000)).filter(
      ({ messageKey }) => messageKey === key,
    );

  test("a batch is one grouped write, and again it is none", async () => {
    const events = Array.from({ length: 50 }, (_, index) => newEvent(index));
    const batch = events.map((event) => messageOf(event));
    const summary = { recorded: 50, repeated: 0, ignored: 0, parked: 0 };
    expect(await applierWith().apply(batch)).toEqual(summary);
    expect(watch.writes).toBe(1);
    expect(await applierWith().apply(batch)).toEqual({ ...summary, recorded: 0, repeated: 50 });
    expect(await Promise.all(events.map(stored))).toEqual(events.map(recordOf));
  });

  test("a memory that forgot, or is away, changes nothing but the work", async () => {
    const event = newEvent();
    await applierWith().apply([messageOf(event)]);
    keyValue = new MemoryStore();
    await applierWith().apply([messageOf(event)]);
    await applierWith(AWAY).apply([messageOf(event), messageOf(event)]);
    expect(await stored(event)).toEqual(recordOf(event));
  });

  test("remembers an event under its key for the time it was given", async () => {
    const event = newEvent();
    await applierWith().apply([messageOf(event)]);
    expect(await keyValue.get(`member_activity:kafka_key:${event.messageKey}`)).toBe(event.eventId);
  });

  test("like, cancel, like: the last one wins, also when the first comes again after the memory moved on", async () => {
    const like = newEvent(1);
    const { memberId } = like;
    const cancel = eventAt(2, { memberId, memberActivityType: "LIKE_POST_CANCEL" });
    const again = eventAt(3, { memberId });
    for (const event of [like, cancel, again, like]) await applierWith().apply([messageOf(event)]);
    expect(await stored(like)).toEqual({ ...recordOf(again), createdAt: like.at });
  });

  test("what members do to themselves is not recorded", async () => {
    const [update, withdrawal] = [newEvent(), newEvent()];
    const batch = [
      messageOf(update, { memberActivityType: "MEMBER_UPDATE" }),
      messageOf(withdrawal, { memberActivityType: "MEMBER_WITHDRAW" }),
    ];
    expect(await applierWith().apply(batch)).toEqual({ recorded: 0, repeated: 0, ignored: 2, parked: 0 });
    expect(await stored(update)).toBeUndefined();
  });

  test.each<[string, Partial<EventMessage>, string, RegExp]>([
    ["no JSON", { value: Buffer.from("{not json") }, "MALFORMED_JSON", /JSON/],
    ["no text", { value: Buffer.from([0xff, 0x00, 0x80]) }, "MALFORMED_JSON", /JSON/],
    ["no object", { value: "[1,2]" }, "INVALID_EVENT", /no JSON object/],
    ["null", { value: "null" }, "INVALID_EVENT", /no JSON object/],
    ["missing fields", { value: '{"memberId":1}' }, "INVALID_EVENT", /eventId \(required\)/],
  ])(
    "a message that is %s is a dead letter at once, with its bytes, and holds nothing up",
    async (_name, wrong, category, reason) => {
      const event = newEvent();
      const key = `member_activity:kafka_event:POISON###${randomUUID()}`;
      const poison = { ...messageOf(newEvent()), key, ...wrong };
      const batch = [poison, messageOf(event)];
      expect(await applierWith().apply(batch)).toMatchObject({ recorded: 1, parked: 1 });
      expect(watch.writes).toBe(1);
      await applierWith().apply(batch);
      const letters = await lettersOf(key);
      expect(letters).toMatchObject([
        {
          side: "LISTENER",
          topic: poison.topic,
          partition: 2,
          eventId: null,
          category,
          attempts: 2,
          isCompleted: false,
        },
      ]);
      expect(letters[0]?.reason).toMatch(reason);
      expect(letters[0] && payloadOf(letters[0])).toEqual(Buffer.from(poison.value));
      expect(await stored(event)).toEqual(recordOf(event));
    },
  );

  test.each([
    ["an unknown type", { memberActivityType: "POST_SHARE" }],
    ["an id of text", { memberId: "1" }],
    ["an event id that is none", { eventId: "first" }],
    ["a time that is none", { createdAt: "yesterday" }],
    ["a time that no clock tells", { createdAt: "2026-06-30T23:59:60Z" }],
  ])("an event with %s is a dead letter", async (_name, wrong) => {
    const event = newEvent();
    expect(await applierWith().apply([messageOf(event, wrong)])).toMatchObject({ recorded: 0, parked: 1 });
    expect(await lettersOf(event.messageKey)).toMatchObject([{ category: "INVALID_EVENT" }]);
  });

  test("a message without a key is a dead letter", async () => {
    const message = { ...messageOf(newEvent()), key: null };
    expect(await applierWith().apply([message])).toMatchObject({ parked: 1 });
    expect((await lettersOf(null)).length).toBeGreaterThan(0);
  });

  test("an event that always fails is parked with the error; those beside it are recorded", async () => {
    const [bad, good] = [newEvent(), newEvent()];
    watch.failure = (events) =>
      events.some(({ eventId }) => eventId === bad.eventId) ? new Error("No!") : undefined;
    const summary = await applierWith().apply([messageOf(bad), messageOf(good)]);
    expect(summary).toEqual({ recorded: 1, repeated: 0, ignored: 0, parked: 1 });
    expect(watch.writes).toBe(4 + 2);
    expect(await stored(bad)).toBeUndefined();
    expect(await stored(good)).toEqual(recordOf(good));
    const [letter] = await lettersOf(bad.messageKey);
    expect(letter).toMatchObject({
      category: "HANDLER_FAILED",
      reason: "No!",
      eventId: bad.eventId,
      isCompleted: false,
    });
    expect(letter?.error).toMatch(/Error: No!\n/);

    const again = letter && { key: letter.messageKey, value: payloadOf(letter) };
    if (!again) throw new Error("There is no letter");
    await expect(applierWith().applyAgain(again)).rejects.toThrow("No!");
    watch.failure = () => undefined;
    await applierWith().applyAgain(again);
    expect(await stored(bad)).toEqual(recordOf(bad));
  });

  test("a failure that passes costs another try, no dead letter", async () => {
    const event = newEvent();
    watch.failure = () => (watch.writes < 3 ? new Error("Not yet") : undefined);
    expect(await applierWith().apply([messageOf(event)])).toMatchObject({ recorded: 1, parked: 0 });
    expect(await stored(event)).toEqual(recordOf(event));
  });

  test("with its store away the batch fails, parks nothing and is not taken for seen", async () => {
    const event = newEvent();
    watch.failure = () => domainError("SERVICE_UNAVAILABLE");
    await expect(applierWith().apply([messageOf(event)])).rejects.toMatchObject({
      type: "SERVICE_UNAVAILABLE",
    });
    expect(await lettersOf(event.messageKey)).toEqual([]);
    watch.failure = () => undefined;
    expect(await applierWith().apply([messageOf(event)])).toMatchObject({ recorded: 1, repeated: 0 });
  });

  test("with the dead letters away a batch with something to park fails, and comes again", async () => {
    const event = newEvent();
    const poison = { ...messageOf(newEvent()), value: "no JSON" };
    const deadLetters = Object.assign(Object.create(store.deadLetters) as DeadLetterRepository, {
      add: () => Promise.reject(domainError("SERVICE_UNAVAILABLE")),
    });
    await expect(applierWith(keyValue, deadLetters).apply([poison, messageOf(event)])).rejects.toMatchObject({
      type: "SERVICE_UNAVAILABLE",
    });
    expect(await applierWith().apply([poison, messageOf(event)])).toMatchObject({
      recorded: 1,
      repeated: 0,
      parked: 1,
    });
  });

  test("reading a day again goes past the memory, and says what changed", async () => {
    const events = [newEvent(1), newEvent(2)];
    const messages = [...events.map((event) => messageOf(event)), { key: "k", value: "no JSON" }];
    await applierWith().apply(messages.slice(0, 2));
    await store.damage(documentIdOf(events[0]?.messageKey ?? ""));
    const kept = { created: 0, unchanged: 1, kept: 0 };
    expect(await applierWith().rewrite(messages, { dryRun: true })).toEqual({ ...kept, rewritten: 1 });
    expect(await applierWith().rewrite(messages, { dryRun: false })).toEqual({ ...kept, rewritten: 1 });
    expect(await applierWith().rewrite(messages, { dryRun: false })).toEqual({
      ...kept,
      unchanged: 2,
      rewritten: 0,
    });
  });
});

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type NewDeadLetter, payloadOf } from "../../lib/documents/dead-letter.ts";
import { type DocumentStore, STORE_KINDS, startDocuments } from "./document-stores.ts";
import { START } from "./events.ts";

let consumers = 0;
/** A consumer that nobody else's letters have. */
const newConsumer = () => `consumer-${++consumers}`;

function letterOf(letter: Partial<NewDeadLetter> = {}): NewDeadLetter {
  return {
    side: "LISTENER",
    consumer: "activity",
    messageKey: "member_activity:kafka_event:LIKE_POST###1###2",
    eventId: randomUUID(),
    topic: "member-activity-20260131",
    partition: 3,
    payload: '{"eventId":"1"}',
    category: "HANDLER_FAILED",
    reason: "It failed three times",
    error: "Error: no\n  at there",
    attempts: 3,
    at: START,
    ...letter,
  };
}

describe.each(STORE_KINDS)("dead letters on %s", (kind) => {
  let store: DocumentStore;
  beforeAll(async () => {
    store = await startDocuments(kind);
  });
  afterAll(() => store.stop());

  const claim = (consumer: string, at: number, limit = 100) =>
    store.deadLetters.claim({ side: "LISTENER", consumer, limit, at, holdMs: 1_000 });
  const listOf = (consumer: string) => store.deadLetters.list({ consumer }, 100);

  test.each(["LISTENER", "PUBLISHER"] as const)(
    "of the %s keep everything that trying again needs",
    async (side) => {
      const letter = letterOf({ side, consumer: newConsumer() });
      await store.deadLetters.add([letter]);
      const [kept] = await listOf(letter.consumer ?? "");
      const { at: _at, ...told } = letter;
      expect(kept).toEqual({
        ...told,
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        payloadEncoding: "utf8",
        isCompleted: false,
        discardedAt: null,
        createdAt: START,
        updatedAt: START,
      });
      expect(await store.deadLetters.find(kept?.id ?? "")).toEqual(kept);
      expect(await store.deadLetters.find(randomUUID())).toBeUndefined();
    },
  );

  test("keep the bytes of what is no text, and a payload of 2 MB", async () => {
    const consumer = newConsumer();
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x41]);
    const long = "글".repeat(700_000);
    const unknown = { consumer, messageKey: null, eventId: null, topic: "t" };
    await store.deadLetters.add([
      letterOf({ ...unknown, payload: bytes, source: "t/0/1", at: START }),
      letterOf({ ...unknown, payload: Buffer.from(long), source: "t/0/2", at: START + 1 }),
    ]);
    const [binary, text] = await listOf(consumer);
    expect(binary && payloadOf(binary)).toEqual(bytes);
    expect(binary?.payloadEncoding).toBe("base64");
    expect(text?.payload === long).toBe(true);
  });

  test("given up again are the same letters, open again, with their attempts counted on", async () => {
    const consumer = newConsumer();
    const letter = letterOf({ consumer });
    await store.deadLetters.add([letter, letterOf({ consumer, at: START + 1 })]);
    await store.deadLetters.complete(await claim(consumer, START + 10), START + 11);
    await store.deadLetters.add([{ ...letter, reason: "Again", attempts: 2, at: START + 20 }]);
    expect(await listOf(consumer)).toMatchObject([
      {
        eventId: letter.eventId,
        attempts: 5,
        reason: "Again",
        isCompleted: false,
        createdAt: START,
        updatedAt: START + 20,
      },
      { attempts: 3, isCompleted: true },
    ]);
  });

  test("discarded stay discarded", async () => {
    const consumer = newConsumer();
    const letter = letterOf({ consumer });
    await store.deadLetters.add([letter]);
    const [{ id } = { id: "" }] = await listOf(consumer);
    expect(await store.deadLetters.discard([id, randomUUID()], START + 5)).toBe(1);
    expect(await store.deadLetters.discard([id], START + 6)).toBe(0);
    await store.deadLetters.add([letter]);
    expect(await claim(consumer, START + 10)).toEqual([]);
    expect(await listOf(consumer)).toMatchObject([
      { isCompleted: true, discardedAt: START + 5, attempts: 3 },
    ]);
  });

  test("are claimed oldest first, and by one at a time", async () => {
    const consumer = newConsumer();
    await store.deadLetters.add([3, 1, 2].map((at) => letterOf({ consumer, at: START + at })));
    const first = await claim(consumer, START + 10, 2);
    expect(first.map(({ createdAt }) => createdAt)).toEqual([START + 1, START + 2]);
    expect((await claim(consumer, START + 10)).map(({ createdAt }) => createdAt)).toEqual([START + 3]);
    expect(await claim(consumer, START + 11)).toEqual([]);
    expect(
      await store.deadLetters.claim({ side: "PUBLISHER", limit: 9, at: START + 9, holdMs: 1 }),
    ).not.toContainEqual(expect.objectContaining({ consumer }));
  });

  test("claimed by ten at the same time are claimed once each", async () => {
    const consumer = newConsumer();
    await store.deadLetters.add(
      Array.from({ length: 40 }, (_, at) => letterOf({ consumer, at: START + at })),
    );
    const claims = await Promise.all(Array.from({ length: 10 }, () => claim(consumer, START + 100, 10)));
    const ids = claims.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const rest = await claim(consumer, START + 101);
    expect(ids.length + rest.length).toBe(40);
  });

  test("a claim that ran out passes to the next, and its holder can end nothing any more", async () => {
    const consumer = newConsumer();
    await store.deadLetters.add([letterOf({ consumer })]);
    const late = await claim(consumer, START);
    const [taken] = await claim(consumer, START + 1_000);
    expect(taken?.id).toBe(late[0]?.id);
    await store.deadLetters.complete(late, START + 1_001);
    expect(await listOf(consumer)).toMatchObject([{ isCompleted: false }]);
    if (taken) await store.deadLetters.complete([taken], START + 1_002);
    expect(await listOf(consumer)).toMatchObject([{ isCompleted: true, updatedAt: START + 1_002 }]);
  });

  test("that fail again wait for their pause, unless they are asked for by id", async () => {
    const consumer = newConsumer();
    await store.deadLetters.add([letterOf({ consumer })]);
    const [letter] = await claim(consumer, START);
    if (!letter) throw new Error("No letter was claimed");
    await store.deadLetters.fail(
      letter,
      { reason: "Still", error: null },
      { at: START + 1, retryAt: START + 5_000 },
    );
    expect(await listOf(consumer)).toMatchObject([
      { attempts: 4, reason: "Still", error: null, isCompleted: false },
    ]);
    expect(await claim(consumer, START + 4_999)).toEqual([]);
    const byId = { side: "LISTENER", ids: [letter.id], limit: 1, at: START + 2, holdMs: 1_000 } as const;
    expect(await store.deadLetters.claim(byId)).toHaveLength(1);
    expect(await store.deadLetters.claim(byId)).toEqual([]);
    expect(await claim(consumer, START + 5_000)).toHaveLength(1);
  });

  test("are listed oldest first in pages, and filtered", async () => {
    const consumer = newConsumer();
    await store.deadLetters.add([
      ...[2, 1, 2].map((at) => letterOf({ consumer, at: START + at })),
      letterOf({ consumer, side: "PUBLISHER", category: "TOO_LARGE", at: START }),
    ]);
    const whole = await listOf(consumer);
    expect(whole.map(({ createdAt }) => createdAt - START)).toEqual([0, 1, 2, 2]);
    const [first, second] = whole;
    const after = [second?.createdAt ?? 0, second?.id ?? ""] as const;
    expect(await store.deadLetters.list({ consumer }, 1, after)).toEqual([whole[2]]);
    expect(await store.deadLetters.list({ consumer, side: "PUBLISHER" }, 9)).toEqual([first]);
    expect(await store.deadLetters.list({ consumer, category: "TOO_LARGE" }, 9)).toEqual([first]);
    expect(await store.deadLetters.list({ consumer, isCompleted: true }, 9)).toEqual([]);
  });

  test("are counted while they are open", async () => {
    const counted = async (category: string) =>
      (await store.deadLetters.countOpen()).filter((open) => open.category === category);
    const consumer = newConsumer();
    await store.deadLetters.add([
      letterOf({ consumer, category: "COUNTED" }),
      letterOf({ consumer, category: "COUNTED" }),
      letterOf({ consumer, category: "COUNTED", side: "PUBLISHER" }),
    ]);
    expect(await counted("COUNTED")).toEqual([
      { side: "LISTENER", category: "COUNTED", count: 2 },
      { side: "PUBLISHER", category: "COUNTED", count: 1 },
    ]);
    const ids = (await listOf(consumer)).map(({ id }) => id);
    await store.deadLetters.discard(ids, START);
    expect(await counted("COUNTED")).toEqual([]);
  });
});

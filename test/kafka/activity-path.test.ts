import { randomUUID } from "node:crypto";
import { ServiceBroker } from "moleculer";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Config, configOrThrow } from "../../config/index.ts";
import { dateIn } from "../../config/topics.ts";
import { documentIdOf } from "../../lib/documents/document-id.ts";
import { LeaseStore } from "../../lib/leases/lease-store.ts";
import { OutboxPublisher } from "../../lib/outbox/outbox-publisher.ts";
import { OutboxWriter } from "../../lib/outbox/outbox-writer.ts";
import { leaseDatabase } from "../../lib/sql/shared-database.ts";
import { sql } from "../../lib/sql/sql.ts";
import { AjvValidator } from "../../lib/validation/ajv-validator.ts";
import type { DocumentsMembers } from "../../mixins/documents.mixin.ts";
import activityService from "../../services/activity/activity.service.ts";
import batchService from "../../services/batch/batch.service.ts";
import { emptyStore, type Store } from "../support/service.ts";
import { describeKafka, eventually, KafkaBench } from "./kafka-bench.ts";

const LAST_MINUTE = "2026-11-25T23:59:30+09:00";
const [MINUTE, DAY] = [60_000, 86_400_000];
const POSTS = [1, 2, 3, 4, 5, 6];

interface SentRow {
  readonly messageKey: string;
  /** Epoch milliseconds; 0 while it waits. */
  readonly sentAt: number;
}

describeKafka("from the outbox through Kafka into the activities", () => {
  let bench: KafkaBench;
  let store: Store;
  let config: Config;
  let lease: ReturnType<typeof leaseDatabase>;
  let publisher: OutboxPublisher;
  let writer: OutboxWriter;
  let consumer: ServiceBroker;

  beforeEach(async () => {
    bench = new KafkaBench(LAST_MINUTE);
    store = await emptyStore();
    const { namespace } = bench.events;
    config = configOrThrow({
      ...store.env,
      KAFKA_BROKERS: process.env.TEST_KAFKA_BROKERS,
      NAMESPACE: namespace,
      JOBS: "off",
      METRICS_PORT: "0",
    });
    lease = leaseDatabase(config.database);
    await lease.ready();
    const { timeZone } = config.events;
    const now = () => bench.clock;
    // Longer than the test's days: their rows are looked at in the end.
    const keepMs = 30 * DAY;
    writer = new OutboxWriter(lease.database, { timeZone, now });
    publisher = new OutboxPublisher({
      ...{ database: lease.database, leases: new LeaseStore(lease.database, { now }), log: bench.publisher },
      ...{ park: vi.fn(), logger: bench.logger, node: "writer", namespace, timeZone, keepMs, now },
    });
    await startConsumer();
  }, 120_000);
  afterEach(async () => {
    await consumer.stop();
    await publisher.stop();
    await bench.close();
    await lease.release();
    await store.remove();
  }, 120_000);

  async function startConsumer(): Promise<void> {
    consumer = new ServiceBroker({ logger: false, validator: new AjvValidator() });
    const clocked = { ...config, now: () => bench.clock };
    consumer.createService(activityService(clocked));
    consumer.createService(batchService(clocked));
    await consumer.start();
  }

  const documents = () =>
    consumer.services.find(({ name }) => name === "activity") as unknown as DocumentsMembers;

  /** One read of each post, in the transaction of a write. */
  const write = () =>
    lease.database.transaction((transaction) =>
      writer.append(
        POSTS.map((postId) => ({ type: "POST_READ", memberId: 7, postId, at: bench.clock })),
        { transaction },
      ),
    );

  const rows = () =>
    lease.database.select<SentRow>(
      sql`SELECT message_key AS messageKey, sent_at AS sentAt FROM event_outbox ORDER BY id`,
    );

  /** Sends what waits. */
  const send = () =>
    eventually(async () => {
      await publisher.flush();
      const { waiting } = await publisher.backlog();
      // What failed rests first, by a clock that otherwise stands still.
      if (waiting > 0) bench.clock += 250;
      expect(waiting).toBe(0);
    });

  async function keysIn(date: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const batch of bench.readTopic(bench.topic(date))) {
      keys.push(...batch.map(({ key }) => String(key)));
    }
    return [...new Set(keys)].sort();
  }

  async function expectAllRecorded(count: number): Promise<void> {
    const written = await rows();
    expect(written).toHaveLength(count);
    await eventually(async () => {
      const records = await Promise.all(
        written.map(({ messageKey }) => documents().activities.find(documentIdOf(messageKey))),
      );
      expect(records.filter((record) => record === undefined)).toEqual([]);
    });
    await eventually(async () => expect(await bench.lag(bench.group("activity"))).toBe(0));
  }

  it("keeps every event over three midnights, each in the topic of the date of its sending", async () => {
    const expected = new Map<string, string[]>();
    const sendAndNote = async () => {
      const before = new Set(
        (await rows()).filter(({ sentAt }) => sentAt > 0).map(({ messageKey }) => messageKey),
      );
      await send();
      const date = dateIn("Asia/Seoul", bench.clock);
      const sent = (await rows()).map(({ messageKey }) => messageKey).filter((key) => !before.has(key));
      expected.set(date, [...(expected.get(date) ?? []), ...sent]);
    };
    let count = 0;
    for (const isConsumerDown of [false, false, true]) {
      await write();
      await sendAndNote();
      // Written before midnight, sent after it.
      await write();
      if (isConsumerDown) await consumer.stop();
      bench.clock += MINUTE;
      await write();
      await sendAndNote();
      count += 3 * POSTS.length;
      if (isConsumerDown) await startConsumer();
      await expectAllRecorded(count);
      bench.clock += DAY - MINUTE;
    }
    expect([...expected.keys()]).toEqual(["20261125", "20261126", "20261127", "20261128"]);
    expect([...expected.values()].map(({ length }) => length)).toEqual([6, 18, 18, 12]);
    for (const [date, keys] of expected) {
      expect(await keysIn(date)).toEqual(keys.sort());
      const marked = (await rows()).filter(({ sentAt }) => dateIn("Asia/Seoul", sentAt) === date);
      expect(marked.map(({ messageKey }) => messageKey).sort()).toEqual(keys);
    }
  });

  it("puts poison aside with its reason and its payload, lets the rest pass, and applies it again", async () => {
    const event = (postId: number) => ({
      ...{ eventId: randomUUID(), memberId: 7, postId, commentId: null, memberActivityType: "POST_READ" },
      ...{ createdAt: "2026-11-25T14:00:00.000Z", updatedAt: "2026-11-25T14:00:00.000Z" },
    });
    const { activities } = documents();
    const apply = activities.apply.bind(activities);
    const failing = vi.spyOn(activities, "apply").mockImplementation(async (events) => {
      if (events.some(({ postId }) => postId === 666)) throw new Error("a bug of the handler");
      await apply(events);
    });
    const values = ["{ no json", '{"eventId":"x"}', JSON.stringify(event(666)), JSON.stringify(event(1))];
    const messages = bench.messages("20261125", 0, 0, values.length);
    await bench.publish(...messages.map((message, index) => ({ ...message, value: values[index] ?? "" })));

    const keyOf = (index: number) => documentIdOf(messages[index]?.key ?? "");
    await eventually(async () => expect(await activities.find(keyOf(3))).toMatchObject({ postId: 1 }));
    await eventually(async () => expect(await bench.lag(bench.group("activity"))).toBe(0));
    const letters = await consumer.call<Letter[], object>("batch.listDeadLetters", { side: "LISTENER" });
    const byPayload = new Map(letters.map((letter) => [letter.payload, letter]));
    expect([...byPayload.keys()].sort()).toEqual(values.slice(0, 3).sort());
    const [malformed, invalid, thrown] = values.map((value) => byPayload.get(value));
    expect(malformed).toMatchObject({ category: "MALFORMED_JSON", reason: expect.stringContaining("JSON") });
    expect(invalid).toMatchObject({
      category: "INVALID_EVENT",
      reason: expect.stringContaining("memberId"),
    });
    expect(`${thrown?.reason} ${thrown?.error}`).toContain("a bug of the handler");
    for (const letter of [malformed, invalid, thrown]) {
      expect(letter).toMatchObject({ consumer: "activity", topic: bench.topic("20261125") });
    }

    const replay = (letter: Letter | undefined) =>
      consumer.call("batch.replayDeadLetters", { side: "LISTENER", id: letter?.id });
    expect(await replay(thrown)).toEqual({ replayed: 0, failed: 1 });
    failing.mockRestore();
    expect(await replay(thrown)).toEqual({ replayed: 1, failed: 0 });
    expect(await activities.find(keyOf(2))).toMatchObject({ postId: 666 });
    expect(await replay(malformed)).toEqual({ replayed: 0, failed: 1 });
    const open = await consumer.call<Letter[], object>("batch.listDeadLetters", { side: "LISTENER" });
    expect(open.map(({ payload }) => payload).sort()).toEqual(values.slice(0, 2).sort());
  });
});

interface Letter {
  readonly id: string;
  readonly payload: string;
  readonly category: string;
  readonly reason: string;
  readonly error: string | null;
}

import { type Service, ServiceBroker, type ServiceSchema } from "moleculer";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Config, configOrThrow } from "../../config/index.ts";
import type { DeadLetter } from "../../lib/documents/dead-letter.ts";
import { SqlDeadLetterRepository } from "../../lib/documents/sql-dead-letter.repository.ts";
import type { IncomingMessage } from "../../lib/event-log/event-log.ts";
import type { Database } from "../../lib/sql/database.ts";
import { leaseDatabase } from "../../lib/sql/shared-database.ts";
import { sql } from "../../lib/sql/sql.ts";
import { type Consumption, KafkaConsumerMixin } from "../../mixins/kafka-consumer.mixin.ts";
import { type OutboxMembers, OutboxMixin } from "../../mixins/outbox.mixin.ts";
import { emptyStore, type Store } from "../support/service.ts";
import { valueOfMessage } from "./event-bench.ts";

type Writer = Service & OutboxMembers;

let store: Store;
let broker: ServiceBroker;
let seen: IncomingMessage[];
beforeEach(async () => {
  store = await emptyStore();
  broker = new ServiceBroker({ logger: false });
  seen = [];
});
afterEach(async () => {
  await broker.stop();
  await store.remove();
});

const configWith = (environment: Record<string, string> = {}): Config =>
  // The letters are looked for in SQL tables.
  configOrThrow({ ...store.env, MONGO_URL: "", ...environment });

function createWriter(name: string, config = configWith()): Writer {
  return broker.createService({ name, mixins: [OutboxMixin(config)] } as unknown as ServiceSchema) as Writer;
}

function createReader(config = configWith()): void {
  const consumes: Consumption = {
    group: "reader",
    families: ["member-activity"],
    handle: async (batch) => void seen.push(...batch),
  };
  broker.createService({
    name: "reader",
    mixins: [KafkaConsumerMixin(config)],
    consumes,
  } as unknown as ServiceSchema);
}

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const lease = leaseDatabase(configWith().database);
  try {
    return await work(lease.database);
  } finally {
    await lease.release();
  }
}

async function write(writer: Writer, ...posts: readonly number[]): Promise<void> {
  await withDatabase((database) =>
    database.transaction((transaction) =>
      writer.outbox.append(
        posts.map((postId) => ({ type: "POST_CREATE", memberId: 1, postId, at: Date.now() })),
        { transaction },
      ),
    ),
  );
}

const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
const posts = () => seen.map((message) => valueOfMessage(message).postId).toSorted();

it("gives the services of a process one publisher, and readers what they wrote", async () => {
  const [one, two] = [createWriter("one"), createWriter("two")];
  createReader();
  await broker.start();
  expect(one.outboxPublisher).toBe(two.outboxPublisher);
  await write(one, 1, 2);
  await write(two, 3);
  await eventually(() => expect(posts()).toEqual([1, 2, 3]));
  // The publisher is not that of the service that stops first.
  await broker.destroyService(one);
  await write(two, 4);
  await eventually(() => expect(posts()).toEqual([1, 2, 3, 4]));
});

it("sends what waits before it stops", async () => {
  const writer = createWriter("one");
  await broker.start();
  await write(writer, 1, 2, 3);
  await broker.stop();
  await withDatabase(async (database) => {
    expect(
      await database.select(sql`SELECT status, COUNT(*) AS n FROM event_outbox GROUP BY status`),
    ).toEqual([{ status: 1, n: 3 }]);
  });
});

it("sends what a process left that was killed", async () => {
  const dead = createWriter("one");
  await withDatabase(async () => {
    const lease = leaseDatabase(configWith().database);
    await lease.ready();
    // Never started: it only wrote.
    await write(dead, 1, 2);
    await lease.release();
  });
  createReader();
  await broker.start();
  await eventually(() => expect(posts()).toEqual([1, 2]));
});

it("hands events to the consumer's action where they are published by call", async () => {
  const config = configWith({ PUBLISH_TYPE: "call" });
  const calls: unknown[][] = [];
  let isAway = true;
  broker.createService({
    name: "activity",
    actions: {
      applyEvents(ctx: { params: { messages: unknown[] } }) {
        if (isAway) throw new Error("not now");
        calls.push(ctx.params.messages);
      },
    },
  } as unknown as ServiceSchema);
  const writer = createWriter("one", config);
  await broker.start();
  await write(writer, 7);
  await eventually(() => expect(writer.outboxPublisher.counters.failures).toBeGreaterThan(0));
  isAway = false;
  await eventually(() => expect(calls).toHaveLength(1));
  expect(calls[0]).toEqual([
    {
      topic: expect.stringContaining("member-activity-"),
      partition: expect.any(Number),
      key: "member_activity:kafka_event:POST_CREATE###7###1",
      value: expect.stringContaining('"postId":7'),
    },
  ]);
});

it("puts among the dead letters what can't be sent", async () => {
  const config = configWith({ PUBLISH_TYPE: "call" });
  broker.createService({
    name: "activity",
    actions: {
      applyEvents(ctx: { params: { messages: { value: string }[] } }) {
        if (ctx.params.messages.some(({ value }) => value.includes('"postId":1,'))) throw new Error("never");
      },
    },
  } as unknown as ServiceSchema);
  const writer = createWriter("one", config);
  await broker.start();
  await write(writer, 1);
  // Nine attempts while others passed lie behind it.
  await withDatabase((database) => database.execute(sql`UPDATE event_outbox SET attempts = 9`));
  let letters: readonly DeadLetter[] = [];
  await eventually(async () => {
    await write(writer, 2);
    letters = await withDatabase((database) => new SqlDeadLetterRepository(database).list({}, 10));
    expect(letters).toHaveLength(1);
  });
  expect(letters).toEqual([
    expect.objectContaining({
      side: "PUBLISHER",
      consumer: null,
      messageKey: "member_activity:kafka_event:POST_CREATE###1###1",
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      topic: expect.stringContaining("member-activity-"),
      payload: expect.stringContaining('"postId":1'),
      category: "EXHAUSTED",
      attempts: 10,
      isCompleted: false,
    }),
  ]);
});

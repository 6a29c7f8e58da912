import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { sql } from "../../lib/sql/sql.ts";
import { statementsOf, verbsOf } from "../support/statements.ts";
import { drain, EventBench, NOON, valueOfMessage } from "./event-bench.ts";

describe("the outbox", () => {
  let bench: EventBench;
  beforeAll(async () => {
    bench = await EventBench.start();
  }, 60_000);
  afterAll(() => bench.close());
  beforeEach(async () => {
    await bench.reset();
  });

  it("costs a writing transaction one statement, however many events", async () => {
    const events = [{ postId: 1 }, { postId: 2 }, { postId: 3 }];
    expect(await verbsOf(bench.database, () => bench.write(...events))).toEqual([
      "BEGIN",
      "INSERT",
      "COMMIT",
    ]);
    expect(await verbsOf(bench.database, () => bench.write())).toEqual(["BEGIN", "COMMIT"]);
  });

  it("goes with its transaction", async () => {
    const failure = new Error("no");
    const work = bench.database.transaction(async (transaction) => {
      await bench.writer.append([{ type: "POST_CREATE", memberId: 1, postId: 1, at: NOON }], { transaction });
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(await bench.countOf("event_outbox")).toBe(0);
  });

  it("sends key, value, headers and partition", async () => {
    await bench.database.transaction((transaction) =>
      bench.writer.append([{ type: "COMMENT_CREATE", memberId: 5, postId: 2, commentId: 9, at: NOON }], {
        transaction,
        requestId: "request-1",
      }),
    );
    await bench.write({ type: "MEMBER_FOLLOW", memberId: 2, otherMemberId: 3 });
    await drain(bench.publisher());
    const [comment, follow] = await bench.logged();
    expect(comment).toMatchObject({
      topic: bench.topic(),
      partition: 4,
      position: 1,
      key: "member_activity:kafka_event:COMMENT_CREATE###9###5",
    });
    expect(JSON.parse(comment?.headers ?? "")).toEqual({
      "event-type": "COMMENT_CREATE",
      "schema-version": "1",
      "request-id": "request-1",
    });
    expect(JSON.parse(comment?.value ?? "")).toEqual({
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      memberId: 5,
      postId: 2,
      commentId: 9,
      memberActivityType: "COMMENT_CREATE",
      createdAt: "2026-11-25T03:00:00.000Z",
      updatedAt: "2026-11-25T03:00:00.000Z",
    });
    // The same partition: both are placed by the id 2.
    expect(follow).toMatchObject({
      partition: 4,
      position: 2,
      key: "member_activity:kafka_event:MEMBER_FOLLOW###2###3###2026-11-25 12:00:00.000000001",
    });
    expect(JSON.parse(follow?.value ?? "")).toMatchObject({ postId: null, commentId: null });
  });

  it("sends a round of all partitions in one transaction", async () => {
    const publisher = bench.publisher();
    await bench.write({ postId: 1 });
    await drain(publisher);
    await bench.write(...[1, 2, 3, 4, 5, 6, 7].map((postId) => ({ postId })));
    // What waits; the ends of the partitions, two of them new; seven rows; the ends; the fence, the mark.
    expect((await verbsOf(bench.database, () => publisher.flush())).join(" ")).toBe(
      "SELECT BEGIN SELECT INSERT INSERT SELECT INSERT INSERT INSERT UPDATE SELECT UPDATE COMMIT",
    );
    await bench.write({ postId: 1 });
    expect((await verbsOf(bench.database, () => publisher.flush())).join(" ")).toBe(
      "SELECT BEGIN SELECT INSERT UPDATE SELECT UPDATE COMMIT",
    );
    expect(await verbsOf(bench.database, () => publisher.flush())).toEqual(["SELECT"]);
  });

  it("wakes the publisher that holds an event's partition, and no other", async () => {
    const publishers = [bench.publisher({ node: "one" }), bench.publisher({ node: "other" })];
    for (const publisher of publishers) await publisher.flush();
    bench.clock += 2_000;
    for (const publisher of publishers) await publisher.flush();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const woken = [0, 1, 2, 3, 4, 5].map((partition) =>
        publishers.map((publisher) => {
          publisher.nudge([partition]);
          const timers = vi.getTimerCount();
          vi.runAllTimers();
          return timers;
        }),
      );
      expect(woken.toSorted()).toEqual([...Array(3).fill([0, 1]), ...Array(3).fill([1, 0])]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("keeps the order of a post's events through many batches", async () => {
    const perPost = 400;
    for (let start = 0; start < perPost; start += 50) {
      await bench.write(
        ...[1, 2, 3].flatMap((postId) =>
          Array.from({ length: 50 }, (_, index) => ({ postId, commentId: start + index })),
        ),
      );
    }
    await drain(bench.publisher());
    const values = (await bench.logged()).map(valueOfMessage);
    for (const postId of [1, 2, 3]) {
      const ids = values.filter((value) => value.postId === postId).map(({ commentId }) => commentId);
      expect(ids).toEqual(Array.from({ length: perPost }, (_, index) => index));
    }
    const positions = (await bench.logged()).filter(({ partition }) => partition === 1);
    expect(positions.map(({ position }) => position)).toEqual(positions.map((_, index) => index + 1));
  });

  it("sends an event that shows up late under a smaller id", async () => {
    await bench.write({ postId: 1 }, { postId: 1 });
    await bench.database.execute(
      sql`UPDATE event_outbox SET status = 9 WHERE id = (SELECT * FROM (SELECT MIN(id) FROM event_outbox) AS first)`,
    );
    const publisher = bench.publisher();
    await drain(publisher);
    expect(await bench.logged()).toHaveLength(1);
    await bench.database.execute(
      sql`UPDATE event_outbox SET status = 0 WHERE id = (SELECT * FROM (SELECT MIN(id) FROM event_outbox) AS first)`,
    );
    await drain(publisher);
    expect(await bench.logged()).toHaveLength(2);
  });

  it("uses the topic of the day on which it is sent", async () => {
    await bench.write({ postId: 1 });
    bench.clock = Date.parse("2026-11-26T00:00:00+09:00");
    await drain(bench.publisher());
    expect((await bench.logged()).map(({ topic }) => topic)).toEqual([bench.topic("20261126")]);
    expect(await bench.rows("status, sent_at AS sentAt FROM event_outbox")).toEqual([
      { status: 1, sentAt: bench.clock },
    ]);
  });

  it("tells how much waits, and since when", async () => {
    await bench.write({ postId: 1 });
    bench.clock += 5_000;
    await bench.write({ postId: 2 }, { postId: 3 });
    const publisher = bench.publisher();
    expect(await publisher.backlog()).toEqual({ waiting: 3, oldestAt: NOON });
    await drain(publisher);
    expect(await publisher.backlog()).toEqual({ waiting: 0, oldestAt: undefined });
    expect(publisher.counters).toEqual({ sent: 3, batches: 1, failures: 0, parked: 0 });
  });

  it("deletes what was sent long enough ago, and nothing that waits", async () => {
    await bench.write(...Array.from({ length: 1_200 }, (_, index) => ({ postId: index })));
    await drain(bench.publisher());
    await bench.write({ postId: 1 });
    bench.clock += 86_400_000;
    expect(await bench.archive.clean()).toBe(0);
    bench.clock += 1;
    const deletions = await statementsOf(bench.database, async () => {
      expect(await bench.archive.clean()).toBe(1_200);
    });
    expect(deletions.filter((text) => text.includes("DELETE"))).toHaveLength(3);
    expect(await bench.countOf("event_outbox")).toBe(1);
  });

  it("deletes on although a few that still wait stand in front", async () => {
    await bench.write(...Array.from({ length: 1_200 }, (_, index) => ({ postId: index })));
    await drain(bench.publisher());
    await bench.database.execute(
      sql`UPDATE event_outbox SET status = 0, sent_at = 0
          WHERE id < (SELECT * FROM (SELECT MIN(id) + 3 FROM event_outbox) AS fourth)`,
    );
    bench.clock += 86_400_001;
    expect(await bench.archive.clean()).toBe(1_197);
  });

  it("publishes a span of sent events again, with the ids they had", async () => {
    const publisher = bench.publisher();
    for (const postId of [1, 2, 3]) {
      await bench.write({ postId });
      await drain(publisher);
      bench.clock += 1_000;
    }
    expect(await bench.archive.republish(NOON + 1_000, NOON + 2_000)).toBe(1);
    await drain(publisher);
    // Up to the end of time, but not what is sent meanwhile: this ends.
    expect(await bench.archive.republish(NOON + 2_000, Number.MAX_SAFE_INTEGER)).toBe(1);
    await drain(publisher);
    const ids = (await bench.logged()).map((row) => valueOfMessage(row));
    const times = Map.groupBy(ids, ({ postId }) => postId);
    expect([1, 2, 3].map((postId) => times.get(postId)?.length)).toEqual([1, 2, 2]);
    expect(new Set(times.get(3)?.map(({ eventId }) => eventId)).size).toBe(1);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type EventPublisher, type OutgoingMessage, PublishError } from "../../lib/event-log/event-log.ts";
import type { Park } from "../../lib/outbox/outbox-sender.ts";
import { drain, EventBench, valueOfMessage } from "./event-bench.ts";

/** A log that takes everything but what it is told not to take. */
class PickyLog implements EventPublisher {
  readonly sent: OutgoingMessage[] = [];
  readonly attempts: number[] = [];
  unavailable: (message: OutgoingMessage) => boolean = () => false;
  rejected: (message: OutgoingMessage) => boolean = () => false;
  tellsWhich = true;

  async send(messages: readonly OutgoingMessage[], commit: () => Promise<void>): Promise<void> {
    this.attempts.push(messages.length);
    if (messages.some(this.unavailable)) throw new PublishError("UNAVAILABLE", "away");
    const rejected = messages.filter(this.rejected);
    if (rejected.length > 0) {
      throw new PublishError("REJECTED", "too large", {
        rejectedKeys: this.tellsWhich ? rejected.map(({ key }) => key) : [],
      });
    }
    this.sent.push(...messages);
    await commit();
  }

  posts(): (number | null)[] {
    return this.sent.map((message) => valueOfMessage(message).postId);
  }
}

const ofPost = (postId: number) => (message: OutgoingMessage) => valueOfMessage(message).postId === postId;

describe("an event that can't be sent", () => {
  let bench: EventBench;
  let log: PickyLog;
  let parked: { postId: number | null; category: string; reason: string; attempts: number }[];
  let isParkAway: boolean;
  beforeAll(async () => {
    bench = await EventBench.start();
  }, 60_000);
  afterAll(() => bench.close());
  beforeEach(async () => {
    await bench.reset();
    log = new PickyLog();
    parked = [];
    isParkAway = false;
  });

  const park: Park = async (row, { category, reason, attempts, topic }) => {
    if (isParkAway) throw new Error("no place for dead letters");
    expect(topic).toBe(bench.topic());
    parked.push({ postId: valueOfMessage({ value: row.payload }).postId, category, reason, attempts });
  };
  const publisher = () => bench.publisher({ log, park });
  const write = (...posts: readonly number[]) => bench.write(...posts.map((postId) => ({ postId })));

  it("waits while the log is away, without end, and then goes in order", async () => {
    log.unavailable = () => true;
    await write(1, 2, 3, 4, 5, 6, 7);
    const one = publisher();
    for (let round = 0; round < 40; round++) {
      await drain(one);
      bench.clock += 5_000;
    }
    expect(await bench.countOf("event_outbox", "status = 0 AND attempts = 0")).toBe(7);
    // All together at first, then each partition's first one by itself, and less and less often.
    expect(log.attempts[0]).toBe(7);
    expect(log.attempts.length).toBeLessThan(40 * 4 + 10);
    log.unavailable = () => false;
    await drain(one);
    expect(log.posts().filter((post) => [1, 3, 5].includes(post ?? 0))).toEqual([1, 3, 5]);
    expect(parked).toEqual([]);
  });

  it("rests between attempts", async () => {
    log.unavailable = () => true;
    await write(1);
    const one = publisher();
    await drain(one);
    expect(log.attempts).toHaveLength(1);
    bench.clock += 249;
    await drain(one);
    expect(log.attempts).toHaveLength(1);
    bench.clock += 1;
    await drain(one);
    expect(log.attempts).toHaveLength(2);
  });

  it("is parked at once when refused, and holds up nothing", async () => {
    log.rejected = ofPost(3);
    await write(1, 3, 5, 2, 4);
    await drain(publisher());
    expect(parked).toEqual([{ postId: 3, category: "REJECTED", reason: "too large", attempts: 1 }]);
    expect(log.posts().toSorted()).toEqual([1, 2, 4, 5]);
    expect(
      await bench.rows("status, COUNT(*) AS n FROM event_outbox GROUP BY status ORDER BY status"),
    ).toEqual([
      { status: 1, n: 4 },
      { status: 2, n: 1 },
    ]);
  });

  it("is found and parked when the log doesn't say which one it refuses", async () => {
    log.rejected = ofPost(3);
    log.tellsWhich = false;
    await write(1, 3, 5, 2, 4);
    await drain(publisher());
    expect(parked.map(({ postId }) => postId)).toEqual([3]);
    expect(log.posts().toSorted()).toEqual([1, 2, 4, 5]);
  });

  it("is parked after its attempts while others passed", async () => {
    log.unavailable = ofPost(3);
    const one = publisher();
    await write(1, 3, 5);
    for (let round = 0; round < 60 && parked.length === 0; round++) {
      await write(2);
      await drain(one);
      bench.clock += 5_000;
    }
    expect(parked).toEqual([{ postId: 3, category: "EXHAUSTED", reason: "away", attempts: 10 }]);
    await drain(one);
    // 1, 3 and 5 share a partition: what was behind goes now.
    expect(log.posts().filter((post) => post !== 2)).toEqual([1, 5]);
    expect(one.counters).toMatchObject({ parked: 1 });
  });

  it("stays in the outbox while it can't be parked, and the others pass it", async () => {
    log.rejected = ofPost(3);
    isParkAway = true;
    const one = publisher();
    await write(3, 5);
    await drain(one);
    expect(log.posts()).toEqual([5]);
    expect(await bench.countOf("event_outbox", "status = 0")).toBe(1);
    isParkAway = false;
    bench.clock += 29_999;
    await drain(one);
    expect(parked).toEqual([]);
    bench.clock += 1;
    await drain(one);
    expect(parked.map(({ postId }) => postId)).toEqual([3]);
    expect(await bench.countOf("event_outbox", "status = 2")).toBe(1);
  });

  it("is sent after all if it can be by the time it would be parked", async () => {
    log.rejected = ofPost(3);
    isParkAway = true;
    const one = publisher();
    await write(3);
    await drain(one);
    log.rejected = () => false;
    bench.clock += 30_000;
    await drain(one);
    expect(log.posts()).toEqual([3]);
    expect(parked).toEqual([]);
  });
});

describe("a publisher that lost its leases", () => {
  it("marks nothing as sent, and leaves the rest to the other", async () => {
    const bench = await EventBench.start();
    const peer = bench.peer();
    let isInTheWay = true;
    const slow: EventPublisher = {
      send: async (_messages, commit) => {
        if (isInTheWay) {
          isInTheWay = false;
          // While this send hangs, the other node takes the partitions over.
          bench.clock += 5_000;
          peer.clock = bench.clock;
          await drain(peer.publisher());
        }
        await commit();
      },
    };
    await bench.write(...[1, 2, 3, 4].map((postId) => ({ postId })));
    const late = bench.publisher({ log: slow });
    await drain(late);
    expect(late.counters.sent).toBe(0);
    expect(await bench.logged()).toHaveLength(4);
    expect(await bench.countOf("event_outbox", "status = 1")).toBe(4);
    await peer.close();
    await bench.close();
  });
});

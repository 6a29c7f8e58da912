import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { domainError } from "../../contracts/errors.ts";
import type { EventPublisher, OutgoingMessage } from "../../lib/event-log/event-log.ts";
import { drain, EventBench, valueOfMessage } from "./event-bench.ts";

/** Of the publisher. */
const PARTITIONS_AT_A_TIME = 6;

/** A log that takes its time, and looks at what it gets at once. */
class SlowLog implements EventPublisher {
  readonly sent: OutgoingMessage[] = [];
  readonly sizes: number[] = [];
  readonly overlaps: number[] = [];
  most = 0;
  underWay = 0;
  isDatabaseAway: (partition: number) => boolean = () => false;
  readonly #partitions = new Set<number>();
  readonly #pause: () => Promise<unknown>;

  constructor(pause: () => Promise<unknown>) {
    this.#pause = pause;
  }

  async send(messages: readonly OutgoingMessage[], commit: () => Promise<void>): Promise<void> {
    const partitions = [...new Set(messages.map(({ partition }) => partition))];
    this.overlaps.push(...partitions.filter((partition) => this.#partitions.has(partition)));
    for (const partition of partitions) this.#partitions.add(partition);
    this.most = Math.max(this.most, ++this.underWay);
    this.sizes.push(messages.length);
    try {
      for (let turn = 0; turn < 5; turn++) {
        await this.#pause();
        if (partitions.some(this.isDatabaseAway)) throw domainError("SERVICE_UNAVAILABLE", { retryAfter: 1 });
      }
      this.sent.push(...messages);
      await commit();
    } finally {
      this.underWay--;
      for (const partition of partitions) this.#partitions.delete(partition);
    }
  }
}

describe("a publisher behind which much waits", () => {
  let bench: EventBench;
  let log: SlowLog;
  beforeAll(async () => {
    bench = await EventBench.start();
  }, 60_000);
  afterAll(() => bench.close());
  beforeEach(async () => {
    await bench.reset();
    // The first round's one batch passes; then nobody goes on before all have met, and all do so at the same time.
    const met = Promise.withResolvers<void>();
    log = new SlowLog(async () => {
      await bench.countOf("leases");
      if (log.underWay === PARTITIONS_AT_A_TIME) met.resolve();
      if (log.sizes.length > 1) await met.promise;
    });
  });

  const posts = Array.from({ length: 30 }, (_, index) => index + 1);
  const perPost = 120;
  const writeMuch = async () => {
    for (let start = 0; start < perPost; start += 20) {
      const numbers = Array.from({ length: 20 }, (_, index) => start + index);
      await bench.write(...numbers.flatMap((commentId) => posts.map((postId) => ({ postId, commentId }))));
    }
  };

  it("works on some partitions at a time, and sends each in order, one full batch after the other", async () => {
    await writeMuch();
    const publisher = bench.publisher({ log });
    await drain(publisher);
    expect(log.overlaps).toEqual([]);
    expect(log.most).toBe(PARTITIONS_AT_A_TIME);
    expect(Math.max(...log.sizes)).toBe(500);
    for (const postId of posts) {
      const values = log.sent.map(valueOfMessage).filter((value) => value.postId === postId);
      expect(values.map(({ commentId }) => commentId)).toEqual(values.map((_, index) => index));
      expect(values).toHaveLength(perPost);
    }
    expect(await bench.countOf("event_outbox", "status <> 1")).toBe(0);
    expect(publisher.counters).toMatchObject({ sent: posts.length * perPost, failures: 0 });
  });

  it("has nothing under way any more when a round fails", async () => {
    await writeMuch();
    const publisher = bench.publisher({ log });
    let failures = 0;
    for (let hasMore = true; hasMore; ) {
      // In one partition only: the others are still busy then.
      log.isDatabaseAway = (partition) => partition === 1 && log.underWay > 1 && failures === 0;
      hasMore = await publisher.flush().catch(() => {
        failures++;
        expect(log.underWay).toBe(0);
        return true;
      });
    }
    expect(failures).toBe(1);
    expect(log.overlaps).toEqual([]);
    expect(new Set(log.sent.map((message) => valueOfMessage(message).eventId)).size).toBe(
      posts.length * perPost,
    );
    expect(log.sent).toHaveLength(posts.length * perPost);
  });

  it("stops after what is under way, and what is left goes in the last rounds", async () => {
    await writeMuch();
    const gate = Promise.withResolvers<void>();
    log = new SlowLog(async () => (log.sizes.length > 1 ? gate.promise : undefined));
    const publisher = bench.publisher({ log });
    publisher.start();
    await expect.poll(() => log.underWay, { timeout: 30_000 }).toBe(PARTITIONS_AT_A_TIME);
    const stopped = publisher.stop();
    gate.resolve();
    await stopped;
    expect(log.underWay).toBe(0);
    const waiting = await bench.countOf("event_outbox", "status = 0");
    expect(waiting + log.sent.length).toBe(posts.length * perPost);
  });
});

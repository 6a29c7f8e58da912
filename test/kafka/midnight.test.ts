import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { collector, describeKafka, eventually, KafkaBench } from "./kafka-bench.ts";

const LAST_MINUTE = "2026-11-25T23:59:30+09:00";
const DAY = 86_400_000;

describeKafka("a consumer at midnight", () => {
  let bench: KafkaBench;
  beforeEach(() => {
    bench = new KafkaBench(LAST_MINUTE);
  });
  afterEach(() => bench.close(), 120_000);

  const topics = (...dates: string[]) => dates.map((date) => bench.topic(date));
  const publishOne = (date: string, number: number) => bench.publish(...bench.messages(date, 0, number, 1));

  it("follows the next day when the date changes, and loses nothing on either side", async () => {
    const { got, handler } = collector();
    const subscription = await bench.read(handler);
    await eventually(() => expect(subscription.followed).toEqual(topics("20261124", "20261125", "20261126")));
    await publishOne("20261125", 1);
    await eventually(() => expect(got.map(({ value }) => String(value))).toEqual(["1"]));

    // A node whose clock runs ahead is in the next day already.
    await publishOne("20261126", 2);
    await eventually(() => expect(got.map(({ value }) => String(value))).toEqual(["1", "2"]));

    bench.clock += 60_000;
    await eventually(() => expect(subscription.followed).toEqual(topics("20261125", "20261126", "20261127")));
    // A node whose clock runs behind still writes to the day before.
    await publishOne("20261125", 3);
    await publishOne("20261126", 4);
    await eventually(async () => {
      expect(got.map(({ value }) => String(value)).sort()).toEqual(["1", "2", "3", "4"]);
      expect(await bench.lag()).toBe(0);
    });
  });

  it("reads the days that it slept through, the oldest too, and leaves them when they are read", async () => {
    await publishOne("20261112", 1);
    await publishOne("20261120", 2);
    await publishOne("20261125", 3);
    const { got, handler } = collector();
    const subscription = await bench.read(handler, { times: { topicsInterval: 3_600_000 } });
    await eventually(() => expect(got.map(({ value }) => String(value)).sort()).toEqual(["1", "2", "3"]));
    expect(subscription.followed).toEqual(topics("20261112", "20261120", "20261124", "20261125", "20261126"));
    await eventually(async () => expect(await bench.lag()).toBe(0));

    // The machine sleeps for three days; other nodes publish.
    await publishOne("20261126", 4);
    await publishOne("20261127", 5);
    await publishOne("20261128", 6);
    bench.clock += 3 * DAY;
    await eventually(() =>
      expect(got.map(({ value }) => String(value)).sort()).toEqual(["1", "2", "3", "4", "5", "6"]),
    );
    await eventually(async () => expect(await bench.lag()).toBe(0));
    bench.clock += DAY;
    await eventually(() => expect(subscription.followed).toEqual(topics("20261128", "20261129", "20261130")));
  });

  it("notices a day that was written to long after it was read", async () => {
    await bench.topics.ensure(topics("20261120"));
    const { got, handler } = collector();
    const subscription = await bench.read(handler, { times: { topicsInterval: 1_000 } });
    await eventually(() => expect(subscription.followed).toHaveLength(3));
    await publishOne("20261120", 1);
    bench.clock += 1_000;
    await eventually(() => expect(got).toHaveLength(1));
  });

  it("notices midnight while it joins", async () => {
    const { handler } = collector();
    const subscription = await bench.read(handler);
    await vi.waitFor(() => expect(subscription.followed).toHaveLength(3), { timeout: 90_000, interval: 1 });
    bench.clock += 60_000;
    await eventually(() => expect(subscription.followed).toEqual(topics("20261125", "20261126", "20261127")));
  });

  it("reads everything while two nodes disagree about the date", async () => {
    const first = collector();
    const second = collector();
    const early = await bench.read(first.handler, { now: () => bench.clock + DAY });
    const late = await bench.read(second.handler);
    await eventually(() => {
      expect(early.followed).toEqual(topics("20261125", "20261126", "20261127"));
      expect(late.followed).toContain(bench.topic("20261124"));
    });
    for (const date of ["20261124", "20261125", "20261126", "20261127"]) {
      await bench.publish(...[0, 1, 2, 3, 4, 5].flatMap((p) => bench.messages(date, p, 0, 2)));
    }
    await eventually(() => expect(first.got.length + second.got.length).toBeGreaterThanOrEqual(48));
    await eventually(async () => expect(await bench.lag()).toBe(0));
  });

  it("goes on after a topic that it follows was dropped", async () => {
    const { got, handler } = collector();
    const subscription = await bench.read(handler);
    await eventually(() => expect(subscription.followed).toHaveLength(3));
    await publishOne("20261125", 1);
    await eventually(() => expect(got).toHaveLength(1));
    const admin = bench.kafka().admin();
    await admin.connect();
    await admin.deleteTopics({ topics: topics("20261124", "20261125") });
    await admin.disconnect();
    await eventually(() => expect(subscription.followed).toEqual([]));
    await eventually(() => expect(subscription.followed).toHaveLength(3));
    await publishOne("20261125", 2);
    await eventually(() => expect(got.map(({ value }) => String(value))).toEqual(["1", "2"]));
  });
});

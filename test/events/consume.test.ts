import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { EmbeddedLog } from "../../lib/event-log/embedded-log.ts";
import type { EventSubscription, IncomingMessage, OutgoingMessage } from "../../lib/event-log/event-log.ts";
import { sql } from "../../lib/sql/sql.ts";
import { statementsOf, verbOf, verbsOf } from "../support/statements.ts";
import { EventBench, NOON, TODAY } from "./event-bench.ts";

const FAMILIES = ["member-activity"];
const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 20_000, interval: 10 });

describe("a follower of the embedded log", () => {
  let bench: EventBench;
  let subscriptions: EventSubscription[];
  let got: IncomingMessage[];
  beforeAll(async () => {
    bench = await EventBench.start();
  }, 60_000);
  afterAll(() => bench.close());
  beforeEach(async () => {
    await bench.reset();
    subscriptions = [];
    got = [];
  });
  afterEach(async () => {
    await Promise.all(subscriptions.map((subscription) => subscription.stop()));
  });

  const message = (partition: number, value: string, date = TODAY): OutgoingMessage => ({
    topic: bench.topic(date),
    partition,
    key: `k${value}`,
    value,
    headers: { "event-type": "POST_READ" },
  });
  const send = (...messages: readonly OutgoingMessage[]) => bench.log.send(messages, async () => undefined);
  const take = async (batch: readonly IncomingMessage[]) => {
    got.push(...batch);
  };
  async function follow(
    handler = take,
    { log = bench.log, group = "group" }: { log?: EmbeddedLog; group?: string } = {},
  ): Promise<EventSubscription> {
    const subscription = await log.subscribe({ group, families: FAMILIES, handler });
    subscriptions.push(subscription);
    return subscription;
  }
  const values = (messages: readonly IncomingMessage[] = got) => messages.map(({ value }) => String(value));
  const lag = async (group = "group") =>
    (await bench.log.lag(group)).reduce((total, partition) => total + partition.lag, 0);

  it("begins with the first message of a topic, and goes on where the group stopped", async () => {
    await send(message(0, "1"), message(0, "2"));
    const first = await follow();
    await eventually(async () => expect(await lag()).toBe(0));
    expect(got).toEqual([
      expect.objectContaining({ topic: bench.topic(), partition: 0, offset: "1", key: "k1", value: "1" }),
      expect.objectContaining({ offset: "2", headers: { "event-type": "POST_READ" } }),
    ]);
    await first.stop();
    await send(message(0, "3"), message(5, "4"));
    expect(await lag()).toBe(2);
    await follow();
    await eventually(async () => expect(await lag()).toBe(0));
    expect(values().toSorted()).toEqual(["1", "2", "3", "4"]);
  });

  it("hears at once of what its own process sends", async () => {
    await follow();
    await eventually(async () => expect(await bench.countOf("leases", "name LIKE 'consumer:%'")).toBe(7));
    const nudged = bench.newLog();
    await nudged.send([message(1, "1")], async () => undefined);
    await eventually(() => expect(values()).toEqual(["1"]));
  });

  it("reads every day of its families, past midnight, and nobody else's topics", async () => {
    await send(message(0, "old", "20261101"), message(0, "yesterday", "20261124"), message(0, "today"));
    await send({ ...message(0, "foreign"), topic: "other.member-activity-20261125" });
    await follow();
    await eventually(() => expect(values()).toEqual(["old", "yesterday", "today"]));
    bench.clock = Date.parse("2026-11-26T00:00:01+09:00");
    await send(message(0, "tomorrow", "20261126"), message(0, "late"));
    await eventually(() =>
      expect(values().toSorted()).toEqual(["late", "old", "today", "tomorrow", "yesterday"]),
    );
  });

  it("keeps the order of a partition over many batches, while the log grows", async () => {
    const total = 1_500;
    await follow();
    for (let start = 0; start < total; start += 100) {
      await send(
        ...Array.from({ length: 100 }, (_, index) => message((start + index) % 2, String(start + index))),
      );
    }
    await eventually(() => expect(got).toHaveLength(total));
    for (const parity of [0, 1]) {
      const numbers = values(got.filter(({ partition }) => partition === parity)).map(Number);
      expect(numbers).toEqual(Array.from({ length: total / 2 }, (_, index) => index * 2 + parity));
    }
  });

  it("gets what it refused again, in order, and goes on with other partitions meanwhile", async () => {
    let refusals = 0;
    await send(message(0, "1"), message(0, "2"), message(1, "3"), message(0, "4", "20261126"));
    await follow(async (batch) => {
      if (batch[0]?.value === "1" && refusals++ < 3) throw new Error("not now");
      await take(batch);
    });
    await eventually(() => expect(values().toSorted()).toEqual(["3", "4"]));
    await eventually(async () => expect(await lag()).toBe(2));
    // The clock stands still: it is not tried again before its pause is over.
    expect(refusals).toBe(1);
    await eventually(async () => {
      bench.clock += 250;
      expect(await lag()).toBe(0);
    });
    expect(refusals).toBe(4);
    expect(values().slice(2)).toEqual(["1", "2"]);
  });

  it("gets through with fewer messages at once where many are too much for the handler", async () => {
    const numbers = Array.from({ length: 300 }, (_, index) => String(index));
    await send(...numbers.map((number) => message(0, number)));
    await follow(async (batch) => {
      if (batch.length > 100) throw new Error("the store didn't answer in its time");
      await take(batch);
    });
    await eventually(async () => {
      bench.clock += 250;
      expect(await lag()).toBe(0);
    });
    expect(values()).toEqual(numbers);
  });

  it("has the position of its group moved after the effect, never before", async () => {
    const { promise: hold, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    await send(message(0, "1"));
    const subscription = await follow(async (batch) => {
      begin();
      await hold;
      await take(batch);
    });
    await begun;
    expect(await lag()).toBe(1);
    const stopping = subscription.stop();
    letGo();
    await stopping;
    expect(values()).toEqual(["1"]);
    expect(await lag()).toBe(0);
  });

  it("serves each group by itself", async () => {
    const other: IncomingMessage[] = [];
    await send(message(0, "1"), message(3, "2"));
    await follow();
    await follow(async (batch) => void other.push(...batch), { group: "group-2" });
    await eventually(() => expect([got.length, other.length]).toEqual([2, 2]));
  });

  it("shares its partitions with the group's readers on other nodes, and nothing comes twice", async () => {
    const peer = bench.peer();
    // Real clocks and short leases, so that the nodes see each other soon; then the clocks stand still, and no pause of
    // this machine can end a lease.
    let sharedAt: number | undefined;
    const now = () => sharedAt ?? Date.now();
    const logOf = (node: EventBench) => node.newLog({ now, leaseTtlMs: 1_000, node: "node" });
    const byNode: IncomingMessage[][] = [[], []];
    const [one, two] = [logOf(bench), logOf(peer)];
    await follow(async (batch) => void byNode[0]?.push(...batch), { log: one });
    await follow(async (batch) => void byNode[1]?.push(...batch), { log: two });
    await eventually(async () => {
      const at = Date.now();
      // Its share of the partitions, and its presence.
      const shares = await bench.rows<{ owner: string; n: number }>(
        `owner, COUNT(*) AS n FROM leases WHERE name LIKE 'consumer:group:%' AND leased_until > ${at} GROUP BY owner`,
      );
      expect(shares.map(({ n }) => n)).toEqual([4, 4]);
      sharedAt = at;
    });
    for (let round = 0; round < 20; round++) {
      await send(...[0, 1, 2, 3, 4, 5].map((partition) => message(partition, `${round}`)));
    }
    await eventually(() => expect(byNode.flat()).toHaveLength(120));
    expect(byNode.map((messages) => messages.length)).toEqual([60, 60]);
    for (const partition of [0, 1, 2, 3, 4, 5]) {
      const own = byNode.flat().filter((incoming) => incoming.partition === partition);
      expect(values(own)).toEqual(Array.from({ length: 20 }, (_, round) => `${round}`));
    }
    await Promise.all(subscriptions.splice(0).map((subscription) => subscription.stop()));
    await peer.close();
  });

  it("can't move the position after another reader took the partition over", async () => {
    const peer = bench.peer();
    const { promise: hold, resolve: letGo } = Promise.withResolvers<void>();
    await send(message(0, "1"));
    let isHeld = false;
    const late = await follow(async () => {
      isHeld = true;
      await hold;
    });
    await eventually(() => expect(isHeld).toBe(true));
    // As if its process had stood still: its leases are taken, and the other is already further.
    await bench.database.transaction(async (transaction) => {
      await bench.database.execute(
        (await import("../../lib/sql/sql.ts"))
          .sql`UPDATE leases SET owner = 'other', fence = fence + 1 WHERE name = 'consumer:group:0'`,
        { transaction },
      );
    });
    letGo();
    await late.stop();
    expect(await lag()).toBe(1);
    await peer.close();
  });

  it("costs one statement to look for news, and five to take a batch", async () => {
    await send(message(0, "1"));
    const subscription = await follow();
    await eventually(async () => expect(await lag()).toBe(0));
    const statements = await statementsOf(bench.database, async () => {
      await send(message(0, "2"));
      await eventually(() => expect(values()).toEqual(["1", "2"]));
      await subscription.stop();
    });
    // It looks when it is nudged, and whenever its pause is over.
    const isLook = (statement: string) => statement.includes("LEFT JOIN consumer_offsets");
    expect(statements.some(isLook)).toBe(true);
    const verbs = statements.filter((statement) => !isLook(statement)).map(verbOf);
    expect(verbs.slice(0, 5).join(" ")).toBe("BEGIN SELECT INSERT UPDATE COMMIT");
    expect(verbs.slice(5, 10).join(" ")).toBe("SELECT BEGIN SELECT UPDATE COMMIT");
  });

  it("reads a day again for no group", async () => {
    await send(...Array.from({ length: 1_100 }, (_, index) => message(2, String(index))), message(4, "x"));
    await send(message(0, "other day", "20261126"));
    const again: IncomingMessage[] = [];
    for await (const batch of bench.log.readTopic(bench.topic())) again.push(...batch);
    expect(values(again)).toEqual([...Array.from({ length: 1_100 }, (_, index) => String(index)), "x"]);
    expect(await bench.countOf("consumer_offsets")).toBe(0);
  });

  describe("when old days are dropped", () => {
    const dayLater = (days: number) => NOON + days * 86_400_000;

    it("loses only what every group has read, after that many days", async () => {
      await send(message(0, "1"), message(1, "2"));
      await follow();
      await eventually(async () => expect(await lag()).toBe(0));
      bench.clock = dayLater(7);
      expect(await bench.log.dropRead(7)).toEqual({ dropped: [], kept: [] });
      bench.clock = dayLater(8);
      expect(await bench.log.dropRead(7, ["group", "late"])).toEqual({
        dropped: [],
        kept: [{ topic: bench.topic(), unreadBy: ["late"] }],
      });
      expect(await bench.log.dropRead(7)).toEqual({ dropped: [bench.topic()], kept: [] });
      expect(await bench.countOf("event_log")).toBe(0);
      expect(await bench.countOf("event_log_ends")).toBe(0);
      expect(await bench.countOf("consumer_offsets")).toBe(0);
    });

    it("keeps what nobody ever read, and tells", async () => {
      await send(message(0, "1"));
      bench.clock = dayLater(30);
      expect(await bench.log.dropRead(7)).toEqual({
        dropped: [],
        kept: [{ topic: bench.topic(), unreadBy: [] }],
      });
      expect(await bench.countOf("event_log")).toBe(1);
    });

    it("drops many messages in small pieces", async () => {
      await send(...Array.from({ length: 1_200 }, (_, index) => message(0, String(index))));
      await follow();
      await eventually(async () => expect(await lag()).toBe(0));
      bench.clock = dayLater(8);
      const verbs = await verbsOf(bench.database, () => bench.log.dropRead(7));
      expect(verbs.filter((verb) => verb === "DELETE")).toHaveLength(3 + 2);
    });

    it("lets a new group pass over what a killed drop left half done", async () => {
      await send(...Array.from({ length: 3 }, (_, index) => message(0, String(index))), message(1, "last"));
      await bench.database.execute(sql`DELETE FROM event_log WHERE partition_no = 0`);
      await follow();
      await eventually(async () => expect(await lag()).toBe(0));
      expect(values()).toEqual(["last"]);
    });
  });
});

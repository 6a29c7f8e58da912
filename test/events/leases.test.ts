import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LeaseLostError, type LeaseStore } from "../../lib/leases/lease-store.ts";
import { PartitionLeases } from "../../lib/leases/partition-leases.ts";
import { EventBench } from "./event-bench.ts";

let bench: EventBench;
let leases: LeaseStore;
beforeAll(async () => {
  bench = await EventBench.start();
}, 60_000);
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.reset();
  leases = bench.leases();
});

const TTL = 1_000;

describe("a lease", () => {
  it("has one holder until it is over, and a higher fence for each", async () => {
    const first = await leases.acquire("job:x", "a", TTL);
    expect(first).toEqual({ name: "job:x", owner: "a", fence: 1, until: bench.clock + TTL });
    expect(await leases.acquire("job:x", "b", TTL)).toBeUndefined();
    expect(await leases.acquire("job:x", "a", TTL)).toBeUndefined();
    bench.clock += TTL;
    expect(await leases.acquire("job:x", "b", TTL)).toMatchObject({ owner: "b", fence: 2 });
    expect(await leases.acquire("job:y", "c", TTL)).toMatchObject({ fence: 1 });
  });

  it("is won by one of many that reach for it at once", async () => {
    for (let round = 1; round <= 5; round++) {
      const won = await Promise.all(
        Array.from({ length: 8 }, (_, index) => leases.acquire("job:x", `owner-${index}`, TTL)),
      );
      expect(won.filter((lease) => lease !== undefined).map(({ fence }) => fence)).toEqual([round]);
      bench.clock += TTL;
    }
  });

  it("is held on to, also after it ran out, unless another has taken it", async () => {
    const lease = await leases.acquire("job:x", "a", TTL);
    bench.clock += TTL * 2;
    const renewed = lease && (await leases.renew(lease, TTL));
    expect(renewed).toMatchObject({ fence: 1, until: bench.clock + TTL });
    expect(await leases.acquire("job:x", "b", TTL)).toBeUndefined();
    bench.clock += TTL;
    await leases.acquire("job:x", "b", TTL);
    expect(renewed && (await leases.renew(renewed, TTL))).toBeUndefined();
    // The loser's attempt left the winner's lease as it is.
    bench.clock += TTL - 1;
    expect(await leases.acquire("job:x", "c", TTL)).toBeUndefined();
  });

  it("is free at once when released, and only by its holder", async () => {
    const first = await leases.acquire("job:x", "a", TTL);
    if (!first) throw new Error("not acquired");
    await leases.release(first);
    const second = await leases.acquire("job:x", "b", TTL);
    expect(second).toMatchObject({ owner: "b", fence: 2 });
    await leases.release(first);
    expect(await leases.acquire("job:x", "c", TTL)).toBeUndefined();
  });

  it("keeps a late holder from its effect", async () => {
    const late = await leases.acquire("job:x", "a", TTL);
    const other = await leases.acquire("job:y", "a", TTL);
    if (!late || !other) throw new Error("not acquired");
    const effect = () =>
      bench.database.transaction((transaction) => leases.assertHeld([late, other], transaction));
    await effect();
    bench.clock += TTL;
    // Ran out, but nobody took it: the effect is still the only one.
    await effect();
    await leases.acquire("job:x", "b", TTL);
    await expect(effect()).rejects.toThrow(LeaseLostError);
    await expect(effect()).rejects.toMatchObject({ leases: ["job:x"] });
  });

  it("can't be taken while its holder has an effect under way", async () => {
    const lease = await leases.acquire("job:x", "a", TTL);
    if (!lease) throw new Error("not acquired");
    bench.clock += TTL;
    const peer = bench.peer();
    const order: string[] = [];
    let taking: Promise<unknown> | undefined;
    await bench.database.transaction(async (transaction) => {
      await leases.assertHeld(lease, transaction);
      taking = peer
        .leases()
        .acquire("job:x", "b", TTL)
        .then(() => order.push("taken"));
      // Time enough for the other, if nothing held it.
      for (let round = 0; round < 20; round++) await leases.list("job");
      order.push("effect");
    });
    await taking;
    expect(order).toEqual(["effect", "taken"]);
    await peer.close();
  });
});

describe("the shares of nodes", () => {
  const node = (name: string) =>
    new PartitionLeases({ leases, scope: "work", partitions: 6, node: name, ttlMs: TTL, now: bench.now });
  const sizes = (...nodes: readonly PartitionLeases[]) => nodes.map(({ partitions }) => partitions.length);

  it("become even as nodes come and go", async () => {
    const [a, b, c] = [node("a"), node("b"), node("c")];
    await a.balance();
    expect(sizes(a)).toEqual([6]);
    for (const one of [b, a, b]) await one.balance();
    expect(sizes(a, b)).toEqual([3, 3]);
    for (const one of [c, a, b, c]) await one.balance();
    expect(sizes(a, b, c)).toEqual([2, 2, 2]);
    const all = [a, b, c].flatMap(({ partitions }) => partitions);
    expect(all.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
    await b.giveBackAll();
    for (const one of [a, c]) await one.balance();
    expect(sizes(a, b, c)).toEqual([3, 0, 3]);
  });

  it("keep what is busy until it is idle", async () => {
    const [a, b] = [node("a"), node("b")];
    await a.balance();
    await b.balance();
    await a.balance((partition) => partition < 2);
    expect(a.partitions).toEqual([2, 3, 4, 5]);
    await a.balance();
    expect(sizes(a)).toEqual([3]);
  });

  it("take over from a node that died, no sooner than its leases are over", async () => {
    const [dead, alive] = [node("dead"), node("alive")];
    for (const one of [dead, alive, dead, alive]) await one.balance();
    bench.clock += TTL / 2;
    await alive.balance();
    expect(sizes(alive)).toEqual([3]);
    bench.clock += TTL / 2;
    await alive.balance();
    expect(sizes(alive)).toEqual([6]);
    expect(dead.partitions.map((partition) => dead.leaseOf(partition))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    await dead.balance();
    expect(sizes(dead)).toEqual([0]);
  });

  it("hold on while there is no time for more", async () => {
    const [a, b] = [node("a"), node("b")];
    await a.balance();
    for (let step = 0; step < 10; step++) {
      bench.clock += TTL / 3;
      await a.renewIfDue();
      await b.balance();
    }
    expect(sizes(a, b)).toEqual([6, 0]);
  });

  it("leave no rows of nodes that are gone", async () => {
    for (let start = 0; start < 3; start++) {
      await node("killed").balance();
      bench.clock += 61_000 + TTL;
    }
    await node("last").balance();
    expect((await leases.list("work")).filter(({ name }) => name.startsWith("work:node:"))).toHaveLength(1);
  });
});

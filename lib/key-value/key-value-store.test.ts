import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, describe, expect, it } from "vitest";
import type { KeyValueStore } from "./key-value-store.ts";
import { MemoryStore } from "./memory-store.ts";
import { RedisStore } from "./redis-store.ts";

const url = process.env.TEST_REDIS_URL;
const redis = url === undefined ? undefined : new Redis(url, { keyPrefix: `test-${randomUUID()}:` });
const memory = new MemoryStore();
afterAll(() => {
  redis?.disconnect();
  memory.close();
});

const stores: [string, KeyValueStore][] = [["in the process", memory]];
if (redis) stores.push(["on Redis", new RedisStore(redis)]);

describe.each(stores)("a key-value store %s", (_name, store) => {
  it("keeps a value until it is deleted", async () => {
    await store.set("a", "1", 60_000);
    expect(await store.get("a")).toBe("1");
    await store.delete("a");
    expect(await store.get("a")).toBeNull();
  });

  it("keeps many values, and answers them in the order in which they are asked for", async () => {
    const values = new Map(Array.from({ length: 500 }, (_, index) => [`many-${index}`, String(index)]));
    await store.setMany(values, 60_000);
    await store.setMany(new Map(), 60_000);
    expect(await store.getMany(["many-499", "nothing", "many-0"])).toEqual(["499", null, "0"]);
    expect(await store.getMany([...values.keys()])).toEqual([...values.values()]);
    expect(await store.getMany([])).toEqual([]);
  });

  it("forgets each of them when its time is over", async () => {
    await store.set("one", "1", 20);
    await store.setMany(
      new Map([
        ["two", "2"],
        ["three", "3"],
      ]),
      20,
    );
    await store.set("longer", "4", 60_000);
    await expect
      .poll(() => store.getMany(["one", "two", "three"]), { timeout: 20_000 })
      .toEqual([null, null, null]);
    expect(await store.get("longer")).toBe("4");
  });
});

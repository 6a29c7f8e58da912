import type { Redis } from "ioredis";
import type { KeyValueStore } from "./key-value-store.ts";

/** There is no command that sets several keys with a life. */
const SET_MANY = `for i, key in ipairs(KEYS) do redis.call("SET", key, ARGV[i + 1], "PX", ARGV[1]) end`;

/** The store of processes that share a Redis. */
export class RedisStore implements KeyValueStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async set(key: string, value: string, ttl: number): Promise<void> {
    await this.#redis.set(key, value, "PX", wholeMilliseconds(ttl));
  }

  async setMany(values: ReadonlyMap<string, string>, ttl: number): Promise<void> {
    if (values.size === 0) return;
    const args = [...values.keys(), wholeMilliseconds(ttl), ...values.values()];
    await this.#redis.eval(SET_MANY, values.size, ...args);
  }

  async getMany(keys: readonly string[]): Promise<(string | null)[]> {
    return keys.length === 0 ? [] : this.#redis.mget(...keys);
  }

  get(key: string): Promise<string | null> {
    return this.#redis.get(key);
  }

  async delete(key: string): Promise<void> {
    await this.#redis.del(key);
  }
}

function wholeMilliseconds(ttl: number): number {
  return Math.max(1, Math.ceil(ttl));
}

import type { Redis } from "ioredis";
import type { KeyValueStore } from "./key-value-store.ts";

/** The store of processes that share a Redis. */
export class RedisStore implements KeyValueStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async set(key: string, value: string, ttl: number): Promise<void> {
    await this.#redis.set(key, value, "PX", Math.max(1, Math.ceil(ttl)));
  }

  get(key: string): Promise<string | null> {
    return this.#redis.get(key);
  }

  async delete(key: string): Promise<void> {
    await this.#redis.del(key);
  }
}

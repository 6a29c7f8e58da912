import { Redis } from "ioredis";
import type { Service, ServiceSchema } from "moleculer";
import type { Config } from "../config/index.ts";
import type { HealthCheck } from "../lib/health/health-check.ts";
import type { KeyValueStore } from "../lib/key-value/key-value-store.ts";
import { MemoryStore } from "../lib/key-value/memory-store.ts";
import { RedisStore } from "../lib/key-value/redis-store.ts";

/** What a service with `RedisMixin` has. */
export interface RedisMembers {
  /** The connection; undefined when the process does without Redis. */
  redis: Redis | undefined;
  keyValue: KeyValueStore;
  healthChecks: HealthCheck[];
}

type Self = Service & RedisMembers & { closeKeyValue: () => Promise<void> };

/** Milliseconds a command may take: Redis only speeds things up, so waiting for it helps nobody. */
const COMMAND_TIMEOUT = 500;
const LONGEST_RECONNECT_PAUSE = 2_000;

/**
 * Gives a service `this.keyValue` and `this.redis`: Redis where `REDIS_URL` is set, else the process's own memory.
 * A Redis that is away never stops the start: commands fail at once until it is back.
 */
export function RedisMixin(config: Config["redis"]): Partial<ServiceSchema> {
  return {
    created(this: Self) {
      if (config.url === undefined) {
        const store = new MemoryStore();
        this.redis = undefined;
        this.keyValue = store;
        this.closeKeyValue = async () => store.close();
        return;
      }
      const redis = connect(config.url, config.keyPrefix);
      redis.on("error", (error) => this.logger.debug("Redis connection failed", error));
      redis.on("ready", () => this.logger.info("Redis is connected"));
      redis.on("close", () => this.logger.warn("Redis is not connected"));
      this.redis = redis;
      this.keyValue = new RedisStore(redis);
      this.closeKeyValue = async () => redis.disconnect();
      this.healthChecks = [
        ...(this.healthChecks ?? []),
        { name: "redis", effect: "degrading", check: () => redis.ping() },
      ];
    },
    async started(this: Self) {
      await this.redis?.connect().catch(() => undefined);
    },
    async stopped(this: Self) {
      await this.closeKeyValue();
    },
  } as unknown as Partial<ServiceSchema>;
}

function connect(url: string, keyPrefix: string): Redis {
  return new Redis(url, {
    keyPrefix,
    lazyConnect: true,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 1,
    connectTimeout: 2_000,
    commandTimeout: COMMAND_TIMEOUT,
    retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, LONGEST_RECONNECT_PAUSE),
  });
}

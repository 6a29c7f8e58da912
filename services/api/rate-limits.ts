import type { Redis } from "ioredis";
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";
import type { Config } from "../../config/index.ts";
import { domainError } from "../../contracts/errors.ts";

export type RateLimitKind = keyof Config["gateway"]["rateLimits"];

/** Seconds of a window, which is fixed and starts at the key's first request. */
const WINDOW = 60;

/** Counts requests a minute, over all processes when there is a Redis; while it is away, each process its own. */
export class RateLimits {
  readonly #limiters: ReadonlyMap<RateLimitKind, RateLimiterAbstract>;

  constructor(limits: Config["gateway"]["rateLimits"], redis: Redis | undefined) {
    const active = (Object.entries(limits) as [RateLimitKind, number][]).filter(([, points]) => points > 0);
    this.#limiters = new Map(active.map(([kind, points]) => [kind, limiter(kind, points, redis)]));
  }

  /** @throws TOO_MANY_REQUEST with the seconds until the window ends */
  async takeOrThrow(kind: RateLimitKind, key: string): Promise<void> {
    try {
      await this.#limiters.get(kind)?.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw domainError("TOO_MANY_REQUEST", { retryAfter: Math.ceil(refusal.msBeforeNext / 1_000) });
    }
  }
}

function limiter(kind: RateLimitKind, points: number, redis: Redis | undefined): RateLimiterAbstract {
  const options = { keyPrefix: `rate:${kind}`, points, duration: WINDOW };
  const ownCounter = new RateLimiterMemory(options);
  if (!redis) return ownCounter;
  return new RateLimiterRedis({
    ...options,
    storeClient: redis,
    insuranceLimiter: ownCounter,
    rejectIfRedisNotReady: true,
  });
}

import { setTimeout as delay } from "node:timers/promises";
import type { CallLimitOptions } from "../config/resilience.ts";
import { domainError } from "../contracts/errors.ts";
import { metrics } from "../lib/metrics/metrics.ts";
import { CallPermits } from "../lib/resilience/call-permits.ts";
import { type CallMiddleware, serviceOf } from "./built-in.ts";

export interface CallLimitsOptions {
  readonly optionsOf: (service: string) => CallLimitOptions | undefined;
  /** Services whose calls don't count. */
  readonly exempt: readonly string[];
}

/** Bounds the calls that leave this process, a second and for each service that is called. */
export function CallLimits({ optionsOf, exempt }: CallLimitsOptions) {
  return (): CallMiddleware => {
    const permitsByService = new Map<string, CallPermits>();

    function permitsOf(service: string): CallPermits | undefined {
      const options = optionsOf(service);
      if (!options?.enabled) return undefined;
      const permits = permitsByService.get(service) ?? new CallPermits(options);
      permitsByService.set(service, permits);
      return permits;
    }

    return {
      name: "CallLimits",
      remoteAction(next, action) {
        const service = serviceOf(action);
        const permits = permitsOf(service);
        if (!permits) return next;
        return (ctx) => {
          if (ctx.caller !== null && exempt.includes(ctx.caller)) return next(ctx);
          const wait = permits.take();
          if (wait === 0) return next(ctx);
          if (wait !== undefined) return delay(wait).then(() => next(ctx));
          metrics()?.callLimitRefusals.inc({ service });
          return Promise.reject(domainError("TOO_MANY_REQUEST", { retryAfter: 1, reason: "CALL_LIMIT" }));
        };
      },
    };
  };
}

import type { Context, ServiceBroker } from "moleculer";
import type { RetryOptions } from "../config/resilience.ts";
import { metrics } from "../lib/metrics/metrics.ts";
import { mayGoBetter } from "../lib/resilience/call-failures.ts";
import {
  builtIns,
  type CallableAction,
  type CallHandler,
  type CallHook,
  type CallMiddleware,
  serviceOf,
} from "./built-in.ts";
import { timeLeft } from "./call-times.ts";

/** Goes along with a call, also to other nodes: somebody above would repeat it, so nobody below does. */
const REPEATED_ABOVE = "repeatedAbove";
const MARK = { [REPEATED_ABOVE]: true };

/** Where Moleculer's retry counts. */
type Attempt = Context & { _retryAttempts?: number };

/**
 * Moleculer's retry for calls of idempotent actions, and only for the outermost of calls below each other: what fails
 * three services deep runs as often as one call's attempts, not as their product. No retry begins that the time left
 * doesn't allow.
 */
export function CallRetries(optionsOf: (service: string) => RetryOptions | undefined) {
  return (broker: ServiceBroker): CallMiddleware => {
    const builtIn = builtIns.Retry(broker);

    function retry(hook: CallHook, next: CallHandler, action: CallableAction): CallHandler {
      const service = serviceOf(action);
      const options = action.idempotent === true ? optionsOf(service) : undefined;
      if (!options?.enabled) return (ctx) => next(isRepeatedAbove(ctx) ? marked(ctx) : ctx);

      const { retries, delay } = options;
      const retryPolicy = { enabled: true, retries, delay, maxDelay: delay, factor: 1, check: mayGoBetter };
      const attempt = (ctx: Attempt) =>
        next(ctx).catch((error: unknown) => {
          if (timeLeft(ctx) <= delay) ctx._retryAttempts = Number.POSITIVE_INFINITY;
          throw error;
        });
      const repeated = hook.call(broker, attempt, { ...action, retryPolicy });

      return function retried(ctx: Attempt) {
        if (isRepeatedAbove(ctx)) return next(marked(ctx));
        if (ctx._retryAttempts !== undefined) metrics()?.callRetries.inc({ service });
        return repeated(marked(ctx));
      };
    }

    return {
      name: "CallRetries",
      localAction: (next, action) => retry(builtIn.localAction, next, action),
      remoteAction: (next, action) => retry(builtIn.remoteAction, next, action),
    };
  };
}

function isRepeatedAbove(ctx: Context): boolean {
  return ctx.options.parentCtx?.headers[REPEATED_ABOVE] === true;
}

function marked<T extends Context>(ctx: T): T {
  ctx.headers = ctx.options.headers === undefined ? MARK : { ...ctx.options.headers, ...MARK };
  return ctx;
}

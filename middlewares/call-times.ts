import { type Context, Errors } from "moleculer";
import type { CallTimes as Times } from "../config/resilience.ts";
import { type CallableAction, type CallHandler, type CallMiddleware, serviceOf } from "./built-in.ts";

/** What a call may remember of its attempts. */
interface Locals {
  /** When all attempts must be over (ms of `performance.now()`). */
  callDeadline?: number;
}

/**
 * Gives each attempt of a call its time, and all of them together theirs. It stands around Moleculer's timeout, which
 * does the rest: it counts, it sends the time along to other nodes, and calls below get what is left of it.
 * - What the caller gives (`timeout` of a call without a parent) is the time of all attempts, and one may take it all.
 * - The own `timeout` of an action or its bulkhead is that of an attempt, and where it is longer, of the whole.
 */
export function CallTimes(
  timesOf: (service: string) => Times | undefined,
  /** Of the kind of heavy work that an action does. */
  bulkheadTimeOf: (kind: string) => number | undefined,
) {
  return (): CallMiddleware => {
    function time(next: CallHandler, action: CallableAction): CallHandler {
      const times = timesOf(serviceOf(action));
      if (!times) return next;
      const own = action.timeout ?? bulkheadTimeOf(String(action.bulkhead));
      const attempt = own ?? times.attempt;
      const total = own === 0 ? 0 : Math.max(own ?? 0, times.total);

      return function timed(ctx) {
        const { options } = ctx;
        const locals = ctx.locals as Locals;
        if (locals.callDeadline !== undefined) {
          const left = locals.callDeadline - performance.now();
          if (left <= 0) return Promise.reject(tooLate(ctx));
          ctx.options = { ...options, timeout: Math.min(attempt || left, left) };
          return next(ctx);
        }
        const given = options.timeout;
        if (options.parentCtx == null) {
          // Options of a call may be used again by whoever calls.
          if (given == null) ctx.options = { ...options, timeout: attempt };
          if (action.idempotent === true && (given ?? total) > 0)
            locals.callDeadline = performance.now() + (given ?? total);
          return next(ctx);
        }
        const whole = given != null && given > 0 && (total === 0 || given < total) ? given : total;
        options.timeout = whole > 0 && (attempt === 0 || whole < attempt) ? whole : attempt;
        if (action.idempotent === true && whole > 0) locals.callDeadline = performance.now() + whole;
        return next(ctx);
      };
    }

    return { name: "CallTimes", localAction: time, remoteAction: time };
  };
}

/** Milliseconds that are left for all attempts of a call that may be repeated. */
export function timeLeft(ctx: Context): number {
  const { callDeadline } = ctx.locals as Locals;
  return callDeadline === undefined ? Number.POSITIVE_INFINITY : callDeadline - performance.now();
}

function tooLate({ action, nodeID }: Context): Error {
  return new Errors.RequestTimeoutError({ action: action?.name ?? "", nodeID: nodeID ?? "" });
}

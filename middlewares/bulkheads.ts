import { type Context, Errors, type ServiceBroker } from "moleculer";
import type { BulkheadOptions } from "../config/resilience.ts";
import { domainError } from "../contracts/errors.ts";
import { metrics } from "../lib/metrics/metrics.ts";
import { builtIns, type CallHandler, type CallMiddleware, serviceOf } from "./built-in.ts";

/** Milliseconds that a call must have left when its turn comes: its caller's clock began a little earlier. */
const LEAST_TIME = 50;

const WORK = Symbol("work");
const WAITED = Symbol("waited");
type Locals = { [WORK]?: CallHandler; [WAITED]?: boolean };

/**
 * Moleculer's bulkhead for the actions that name a kind of work. The actions of a service that do the same kind share
 * one queue. A full one is 503 at once; whoever waited too long is not served any more, since the caller has gone.
 */
export function Bulkheads(optionsOf: (kind: string) => BulkheadOptions | undefined) {
  return (broker: ServiceBroker): CallMiddleware => {
    const builtIn = builtIns.Bulkhead(broker);
    const queues = new Map<string, CallHandler>();

    return {
      name: "Bulkheads",
      localAction(next, action) {
        const kind = action.bulkhead;
        if (typeof kind !== "string") return next;
        const options = optionsOf(kind);
        if (!options) throw new Error(`${action.name} has an unknown bulkhead: ${kind}`);
        if (!options.enabled) return next;
        const name = `${serviceOf(action)}.${kind}`;
        const queue =
          queues.get(name) ?? builtIn.localAction.call(broker, work, { ...action, bulkhead: options });
        queues.set(name, queue);
        return function queued(ctx) {
          const locals: Locals = ctx.locals;
          locals[WORK] = next;
          const turn = queue(ctx);
          // Whoever didn't have to wait is at work by now.
          locals[WAITED] = true;
          return turn.catch((error: unknown) => {
            throw isOverflow(error, ctx) ? full(name) : error;
          });
        };
      },
    };
  };
}

/** What a call does when its turn has come. */
function work(ctx: Context): Promise<unknown> {
  const locals: Locals = ctx.locals;
  const handler = locals[WORK] as CallHandler;
  if (locals[WAITED] && timeLeft(ctx as TimedContext) < LEAST_TIME) return Promise.reject(tooLate(ctx));
  return handler(ctx);
}

/** Moleculer's timeout notes the start. */
type TimedContext = Context & { startHrTime: [number, number] | null };

function timeLeft({ options: { timeout }, startHrTime }: TimedContext): number {
  if (!timeout || !startHrTime) return Number.POSITIVE_INFINITY;
  const [seconds, nanoseconds] = process.hrtime(startHrTime);
  return timeout - seconds * 1_000 - nanoseconds / 1_000_000;
}

/** The queue of this action, not of one that it calls. */
function isOverflow(error: unknown, { action }: Context): boolean {
  return error instanceof Errors.QueueIsFullError && Object(error.data).action === action?.name;
}

function full(bulkhead: string): Error {
  metrics()?.bulkheadRefusals.inc({ bulkhead });
  return domainError("SERVICE_UNAVAILABLE", { retryAfter: 1, reason: "QUEUE_FULL" });
}

function tooLate({ action, nodeID }: Context): Error {
  return new Errors.RequestTimeoutError({ action: action?.name ?? "", nodeID: nodeID ?? "" });
}

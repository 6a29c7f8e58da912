import { type Context, Errors, type ServiceBroker } from "moleculer";
import { type BulkheadOptions, LEAST_TIME_AT_TURN } from "../config/resilience.ts";
import { domainError } from "../contracts/errors.ts";
import { metrics, onScrape, reading } from "../lib/metrics/metrics.ts";
import { type BulkheadReport, bulkheadReports } from "../lib/resilience/reports.ts";
import {
  builtIns,
  type CallableAction,
  type CallHandler,
  type CallMiddleware,
  serviceOf,
} from "./built-in.ts";

const WORK = Symbol("work");
const WAITED = Symbol("waited");
type Locals = { [WORK]?: CallHandler; [WAITED]?: boolean };

/** One kind of work of one service. */
interface Queue {
  /** `service.kind`. */
  readonly name: string;
  readonly take: CallHandler;
  readonly options: BulkheadOptions;
  /** Calls at work or waiting: there is no other state, since nobody waits while there is room. */
  calls: number;
}

/**
 * Moleculer's bulkhead for the actions that name a kind of work. The actions of a service that do the same kind share
 * one queue. A full one is 503 at once; whoever waited too long is not served any more, since the caller has gone.
 */
export function Bulkheads(optionsOf: (kind: string) => BulkheadOptions | undefined) {
  return (broker: ServiceBroker): CallMiddleware => {
    const builtIn = builtIns.Bulkhead(broker);
    const queues = new Map<string, Queue>();
    let hide = (): void => undefined;

    function queueOf(name: string, action: CallableAction, options: BulkheadOptions): Queue {
      const known = queues.get(name);
      if (known) return known;
      const take = builtIn.localAction.call(broker, work, { ...action, bulkhead: options });
      const queue = { name, take, options, calls: 0 };
      queues.set(name, queue);
      return queue;
    }

    const reports = () => [...queues.values()].map(reportOf);

    return {
      name: "Bulkheads",
      localAction(next, action) {
        const kind = action.bulkhead;
        if (typeof kind !== "string") return next;
        const options = optionsOf(kind);
        if (!options) throw new Error(`${action.name} has an unknown bulkhead: ${kind}`);
        if (!options.enabled) return next;
        const name = `${serviceOf(action)}.${kind}`;
        const queue = queueOf(name, action, options);
        return function queued(ctx) {
          const locals: Locals = ctx.locals;
          locals[WORK] = next;
          queue.calls++;
          const turn = queue.take(ctx);
          // Whoever didn't have to wait is at work by now.
          locals[WAITED] = true;
          return turn.then(
            (result) => {
              queue.calls--;
              return result;
            },
            (error: unknown) => {
              queue.calls--;
              throw isOverflow(error, ctx) ? full(name) : error;
            },
          );
        };
      },
      async starting() {
        const hideReports = bulkheadReports.show(reports);
        const hideGauges = onScrape(async ({ bulkheadRunning, bulkheadWaiting }) =>
          reports().flatMap(({ bulkhead, running, waiting }) => [
            reading(bulkheadRunning, running, { bulkhead }),
            reading(bulkheadWaiting, waiting, { bulkhead }),
          ]),
        );
        hide = () => {
          hideReports();
          hideGauges();
        };
      },
      async stopped() {
        hide();
      },
    };
  };
}

function reportOf({ name, calls, options: { concurrency, maxQueueSize } }: Queue): BulkheadReport {
  const running = Math.min(calls, concurrency);
  return { bulkhead: name, running, concurrency, waiting: calls - running, maxQueueSize };
}

/** What a call does when its turn has come. */
function work(ctx: Context): Promise<unknown> {
  const locals: Locals = ctx.locals;
  const handler = locals[WORK] as CallHandler;
  if (locals[WAITED] && timeLeft(ctx as TimedContext) < LEAST_TIME_AT_TURN)
    return Promise.reject(tooLate(ctx));
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

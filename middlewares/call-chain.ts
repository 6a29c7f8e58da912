import type { BrokerOptions, Context, Middleware, ServiceBroker } from "moleculer";
import {
  type BulkheadOptions,
  NODE_BREAKER,
  type TargetClass,
  TRANSPORTER_SETTLING,
  UNLIMITED_CALLERS,
} from "../config/resilience.ts";
import { isNodeFault } from "../lib/resilience/call-failures.ts";
import { ActionMetrics } from "./action-metrics.ts";
import {
  type BuiltIn,
  builtIns,
  type CallableAction,
  type CallHandler,
  type CallMiddleware,
} from "./built-in.ts";
import { Bulkheads } from "./bulkheads.ts";
import { CallLimits } from "./call-limits.ts";
import { CallRetries } from "./call-retries.ts";
import { CallTimes } from "./call-times.ts";
import { QuickTimeouts } from "./quick-timeouts.ts";
import { ServiceBreakers } from "./service-breakers.ts";
import { TransportFailures } from "./transport-failures.ts";

/**
 * Everything that a call passes, from the handler outwards: Moleculer's own by name, ours between. The order is the
 * design: each attempt has its own time, is judged by the breakers and needs a permit; waiting for a turn is part of it.
 */
export function callChain(
  classes: ReadonlyMap<string, TargetClass>,
  bulkheads: Readonly<Record<string, BulkheadOptions>>,
): BrokerOptions["middlewares"] {
  const classOf = (service: string) => classes.get(service);
  const bulkheadOf = (kind: string) => (Object.hasOwn(bulkheads, kind) ? bulkheads[kind] : undefined);
  const chain: (string | Middleware | ((broker: ServiceBroker) => Middleware))[] = [
    // Not Moleculer's own metrics, which hash labels on every call: lib/metrics has ours.
    ActionMetrics,
    "ActionHook",
    "Validator",
    Bulkheads(bulkheadOf),
    "Cacher",
    // A stopping node waits for the work that it does, however long its caller waits ...
    (broker) => without("remoteAction", builtIns.ContextTracker(broker)),
    QuickTimeouts() as Middleware,
    "Timeout",
    // ... but not for answers that its own calls have given up.
    (broker) => ({ remoteAction: builtIns.ContextTracker(broker).remoteAction }) as Middleware,
    TransportFailures(TRANSPORTER_SETTLING) as (broker: ServiceBroker) => Middleware,
    (broker) => without("localAction", builtIns.CircuitBreaker(broker)),
    onCallersSide(
      CallLimits({ optionsOf: (service) => classOf(service)?.limit, exempt: UNLIMITED_CALLERS }),
      ServiceBreakers((service) => classOf(service)?.breaker),
      CallTimes(
        (service) => classOf(service)?.times,
        (kind) => bulkheadOf(kind)?.timeout,
      ),
      CallRetries((service) => classOf(service)?.retry),
    ),
    "Fallback",
    "ErrorHandler",
  ];
  return chain as BrokerOptions["middlewares"];
}

/** What the broker has to be told besides: Moleculer's breaker takes no options where it is made. */
export const NODE_BREAKER_OPTIONS: NonNullable<BrokerOptions["circuitBreaker"]> = {
  ...NODE_BREAKER,
  check: isNodeFault,
};

/** Several middlewares as one that lets pass what other nodes call here: they have these middlewares themselves. */
function onCallersSide(...makers: readonly ((broker: ServiceBroker) => CallMiddleware)[]) {
  return (broker: ServiceBroker): Middleware => {
    const made = makers.map((make) => make(broker));
    const wrap = (hook: "localAction" | "remoteAction", handler: CallHandler, action: CallableAction) =>
      made.reduce((next, { [hook]: wrapper }) => wrapper?.call(broker, next, action) ?? next, handler);
    const each = async (hook: "starting" | "stopped") => {
      for (const middleware of made) await middleware[hook]?.(broker);
    };
    return {
      name: "CallersSide",
      localAction(handler: CallHandler, action: CallableAction) {
        const called = wrap("localAction", handler, action);
        return (ctx: Context) => (ctx.nodeID === broker.nodeID ? called(ctx) : handler(ctx));
      },
      remoteAction: (handler: CallHandler, action: CallableAction) => wrap("remoteAction", handler, action),
      starting: () => each("starting"),
      stopped: () => each("stopped"),
    } as Middleware;
  };
}

function without(hook: "localAction" | "remoteAction", made: BuiltIn): Middleware {
  return { ...made, [hook]: undefined } as Middleware;
}

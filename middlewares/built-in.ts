import type { ActionSchema, Context, Middleware, ServiceBroker } from "moleculer";
import * as moleculer from "moleculer";

/** What a middleware wraps: Moleculer has bound the service by then. */
export type CallHandler = (ctx: Context) => Promise<unknown>;

/** Wraps the handler of an action; called once for each action. */
export type CallHook = (this: ServiceBroker, next: CallHandler, action: CallableAction) => CallHandler;

/** An action as middlewares see it; of remote ones, what their node has told. */
export type CallableAction = Omit<ActionSchema, "bulkhead"> & {
  /** Milliseconds, where it has a time of its own; 0 = it has all the time. */
  readonly timeout?: number;
  /** It may run again: it reads, or leaves the same behind. */
  readonly idempotent?: boolean;
  readonly bulkhead?: unknown;
};

/** One of Moleculer's own middlewares, made for a broker. */
export type BuiltIn = Omit<Middleware, "localAction" | "remoteAction"> & {
  readonly localAction: CallHook;
  readonly remoteAction: CallHook;
};

type Maker = (broker: ServiceBroker) => BuiltIn;

/** Moleculer's own; its types don't tell that it exports them. */
export const builtIns = (moleculer as unknown as { Middlewares: Record<string, Maker> }).Middlewares as {
  readonly [Name in "Bulkhead" | "CircuitBreaker" | "ContextTracker" | "Retry"]: Maker;
};

/** A middleware of ours, with the types of this folder. */
export type CallMiddleware = Omit<Middleware, "localAction" | "remoteAction"> & {
  readonly localAction?: CallHook;
  readonly remoteAction?: CallHook;
};

/** The service that an action belongs to. */
export function serviceOf(action: CallableAction): string {
  return action.service?.name ?? "";
}

import type { Static, TObject, TSchema } from "@sinclair/typebox";
import type { ActionSchema, Context, Service } from "moleculer";
import type { BulkheadKind } from "../config/resilience.ts";
import type { ErrorCode } from "./errors.ts";
import type { RequestMeta } from "./meta.ts";

/** How the gateway publishes an action. Other services never see it. */
export interface RestEndpoint {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Under `/api`, with `{name}` for parameters. Several paths are aliases of one endpoint. */
  readonly path: string | readonly string[];
  /** Logical status of the success envelope; the HTTP status is always 200. */
  readonly status?: 200 | 201 | 204;
  /** `none`: the endpoint is public and a bad token doesn't matter. */
  readonly auth?: "required" | "none";
  /** What the gateway does with the session: see `services/api/session-transport.ts`. */
  readonly session?: "opens" | "renews" | "closes";
  /** The param that is a file: the part of this name in a multipart form, up to 10 MB. */
  readonly upload?: string;
  /** `file`: the result is bytes with a type and a version, and the answer those bytes instead of the envelope. */
  readonly answer?: "file";
  /** Stricter limit than the general one. */
  readonly rateLimit?: "login" | "signup" | "refresh";
}

export interface ActionDefinition<TThis, P extends TObject, R extends TSchema> {
  readonly rest?: RestEndpoint;
  readonly summary?: string;
  readonly params: P;
  readonly returns: R;
  /** Errors of this action beyond validation, authentication and the generic ones. */
  readonly errors?: readonly ErrorCode[];
  /** The kind of heavy work it does, of which a process does so much at a time: `config/resilience.ts`. */
  readonly bulkhead?: BulkheadKind;
  /** Milliseconds for one run, in place of those of the service's class. */
  readonly timeout?: number;
  /** Whether it may run again when its answer is lost; default: what is published as GET. */
  readonly idempotent?: boolean;
  readonly handler: (this: TThis, ctx: Context<Static<P>, RequestMeta>) => Promise<Static<R>> | Static<R>;
}

/** What the gateway and the documentation read from a published action. */
export interface PublishedAction {
  readonly rest: RestEndpoint;
  readonly summary?: string;
  readonly params: TObject;
  readonly returns: TSchema;
  readonly errors?: readonly ErrorCode[];
}

/**
 * Maker of a service's actions: `ctx.params` is typed by the schema that validates it, and the result by `returns`.
 * `TThis` is the service with its own members.
 */
export function actionsOf<TThis = Service>() {
  return <P extends TObject, R extends TSchema>(definition: ActionDefinition<TThis, P, R>): ActionSchema => {
    const { rest, idempotent = rest?.method === "GET" } = definition;
    const action: object = { ...definition, idempotent, visibility: rest ? "published" : "public" };
    return action;
  };
}

/** Who makes a write, and the request it came with, which goes along with its events. */
export interface Caller {
  readonly id: number;
  readonly requestId: string | null;
}

/** The authenticated member of a call with the call's request. */
export function callerOf(ctx: Context<unknown, RequestMeta>): Caller {
  return { id: callerId(ctx), requestId: ctx.requestID };
}

/** The authenticated member of a call; the gateway lets nobody through without one where `auth` is required. */
export function callerId(ctx: Context<unknown, RequestMeta>): number {
  if (ctx.meta.memberId === undefined) throw new Error("This action needs ctx.meta.memberId");
  return ctx.meta.memberId;
}

import { type Context, Errors } from "moleculer";
import type { CallHandler, CallMiddleware } from "./built-in.ts";

/**
 * A call that the transporter could not send has found nobody, whatever its driver says of connections. Errors of other
 * nodes name them; Moleculer's own are classes of its own: both stay what they are.
 */
export function TransportFailures(): CallMiddleware {
  return {
    name: "TransportFailures",
    remoteAction: (next: CallHandler, { name }): CallHandler =>
      function sent(ctx: Context) {
        return next(ctx).catch((error: unknown) => {
          throw isOfDriver(error) ? unreachable(String(name), ctx.nodeID, error) : error;
        });
      },
  };
}

function isOfDriver(error: unknown): boolean {
  return (
    !(error instanceof Errors.MoleculerError) && (Object(error) as { nodeID?: unknown }).nodeID === undefined
  );
}

function unreachable(action: string, nodeID: string | null, cause: unknown): Error {
  const error = new Errors.ServiceNotAvailableError(nodeID === null ? { action } : { action, nodeID });
  return Object.assign(error, { cause });
}

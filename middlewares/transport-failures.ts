import { type Context, Errors, type ServiceBroker } from "moleculer";
import { blameTransporter, isUnanswered } from "../lib/resilience/call-failures.ts";
import type { CallHandler, CallMiddleware } from "./built-in.ts";

/**
 * Tells failures of the way to other nodes from those of the nodes.
 * - A call that the transporter could not send has found nobody, whatever its driver says of connections.
 * - A call without an answer says nothing about who was called, when the transporter was away meanwhile or less than
 *   `settling` milliseconds before: the other nodes come back in their own time.
 * Errors that other nodes have sent stay what they are.
 */
export function TransportFailures(settling: number) {
  return (broker: ServiceBroker): CallMiddleware => {
    let lastAway = Number.NEGATIVE_INFINITY;
    const look = () => {
      if (!isConnected(broker)) lastAway = performance.now();
    };

    return {
      name: "TransportFailures",
      remoteAction: (next: CallHandler, { name }): CallHandler =>
        function sent(ctx: Context) {
          look();
          const startedAt = performance.now();
          return next(ctx).catch((error: unknown) => {
            look();
            if (isUnsent(error)) throw blameTransporter(unreachable(String(name), ctx.nodeID, error));
            const wasAway = startedAt < lastAway + settling;
            throw wasAway && isUnanswered(error) ? blameTransporter(error) : error;
          });
        },
      async starting() {
        // It may have been away between two looks.
        broker.localBus.on("$transporter.connected", () => {
          lastAway = performance.now();
        });
      },
    };
  };
}

/** Moleculer's types hide the transporter. */
function isConnected({ transit }: ServiceBroker): boolean {
  return (
    (transit as unknown as { readonly tx: { readonly connected: boolean } } | null)?.tx.connected ?? true
  );
}

/** Errors of other nodes name them; but for one, Moleculer's own are not the transporter's. */
function isUnsent(error: unknown): boolean {
  const { nodeID, type } = Object(error) as { nodeID?: unknown; type?: unknown };
  return nodeID === undefined && (type === "BAD_GATEWAY" || !(error instanceof Errors.MoleculerError));
}

function unreachable(action: string, nodeID: string | null, cause: unknown): Error {
  const error = new Errors.ServiceNotAvailableError(nodeID === null ? { action } : { action, nodeID });
  return Object.assign(error, { cause });
}

import type { ActionHandler, ActionSchema, Context, Middleware, Service } from "moleculer";
import { metrics } from "../lib/metrics/metrics.ts";

/**
 * Counts what the actions of this node take and how they end. It stands next to the handler: refusals by validation,
 * queues and time-outs of callers are not in it. Made once per action, so that a call finds its counters ready.
 */
export const ActionMetrics: Middleware = {
  name: "ActionMetrics",
  localAction(next: ActionHandler, { name = "" }: ActionSchema): ActionHandler {
    const instruments = metrics();
    // Moleculer's own actions tell nothing about the product.
    if (!instruments || name.startsWith("$")) return next;
    const duration = instruments.actionDuration.labels(name);
    const errors = instruments.actionErrors;

    return function measured(this: Service, ctx: Context) {
      const startedAt = performance.now();
      return next.call(this, ctx).then(
        (result: unknown) => {
          duration.observe((performance.now() - startedAt) / 1_000);
          return result;
        },
        (error: unknown) => {
          duration.observe((performance.now() - startedAt) / 1_000);
          errors.inc({ action: name, kind: isRefusal(error) ? "refused" : "failed" });
          throw error;
        },
      );
    };
  },
};

function isRefusal(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === "number" && code >= 400 && code < 500;
}

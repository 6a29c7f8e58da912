import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context, ServiceBroker } from "moleculer";
import type { IncomingRequest } from "moleculer-web";
import type { RequestMeta } from "../../contracts/meta.ts";
import { metrics } from "../../lib/metrics/metrics.ts";
import type { Endpoint } from "./endpoints.ts";
import { requestIdOf } from "./http-pipeline.ts";

/** Methods that are told apart in the metrics; there is no end to what clients may send. */
const METHODS: readonly string[] = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"];

/** When the answer is out: one line (no query string, no headers, no bodies) and one observation. */
export function observeRequest(
  broker: ServiceBroker,
  request: IncomingMessage,
  response: ServerResponse,
  address: string,
): void {
  const startedAt = performance.now();
  const method = request.method ?? "";
  const path = (request.url ?? "").split("?", 1)[0] ?? "";
  response.once("close", () => {
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    const status = response.writableFinished ? response.statusCode : 499;
    const { locals, meta } = ((request as IncomingRequest).$ctx ?? {}) as Partial<
      Context<unknown, RequestMeta>
    >;
    broker.logger.info(
      { method, path, status, ms, requestId: requestIdOf(request), memberId: meta?.memberId, address },
      "request",
    );
    const labels = {
      method: METHODS.includes(method) ? method : "other",
      route: (locals?.endpoint as Endpoint | undefined)?.path ?? "other",
      status: `${Math.trunc(status / 100)}xx`,
    };
    metrics()?.requestDuration.observe(labels, ms / 1_000);
  });
}

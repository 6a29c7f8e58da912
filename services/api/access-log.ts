import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context, ServiceBroker } from "moleculer";
import type { IncomingRequest } from "moleculer-web";
import type { RequestMeta } from "../../contracts/meta.ts";
import type { Endpoint } from "./endpoints.ts";
import { requestIdOf } from "./http-pipeline.ts";

const DURATION_METRIC = "dailyfeed.http.duration";

/** Milliseconds; the largest is the longest time a request may take. */
const DURATION_BUCKETS = [2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

export function registerHttpMetrics(broker: ServiceBroker): void {
  broker.metrics.register({
    type: "histogram",
    name: DURATION_METRIC,
    description: "Time to answer a request",
    unit: "millisecond",
    labelNames: ["method", "endpoint", "status"],
    buckets: DURATION_BUCKETS,
  });
}

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
    const endpoint = (locals?.endpoint as Endpoint | undefined)?.path ?? "other";
    broker.metrics.observe(DURATION_METRIC, ms, { method, endpoint, status });
  });
}

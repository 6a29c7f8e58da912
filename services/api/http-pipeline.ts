import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import cors from "cors";
import helmet from "helmet";
import type { Config } from "../../config/index.ts";

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;
type HttpStep = (request: IncomingMessage, response: ServerResponse, next: HttpHandler) => void;

/** What a client may send as its own request id, so that it can't forge log lines. */
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** What every request passes before it is routed: request id, security headers, CORS. */
export function httpPipeline(config: Config["gateway"], handler: HttpHandler): HttpHandler {
  const steps = [
    identify,
    securityHeaders(),
    ...(config.corsOrigins.length > 0 ? [crossOrigin(config.corsOrigins)] : []),
  ];
  return steps.reduceRight<HttpHandler>(
    (next, step) => (request, response) => step(request, response, next),
    handler,
  );
}

/** The request's id; made by `identify`. */
export function requestIdOf(request: IncomingMessage): string {
  return String(request.headers["x-request-id"]);
}

const identify: HttpStep = (request, response, next) => {
  const given = request.headers["x-request-id"];
  const id = typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID();
  request.headers["x-request-id"] = id;
  // moleculer-web would prefer this header to ours.
  delete request.headers["x-correlation-id"];
  response.setHeader("X-Request-Id", id);
  // Node leaves the body of an answer to HEAD out by itself.
  if (request.method === "HEAD") request.method = "GET";
  next(request, response);
};

function securityHeaders(): HttpStep {
  const apply = helmet({
    contentSecurityPolicy: {
      directives: { defaultSrc: ["'self'"], upgradeInsecureRequests: null, imgSrc: ["'self'", "data:"] },
    },
    // Over plain HTTP browsers ignore it; behind TLS the proxy that ends TLS decides.
    strictTransportSecurity: false,
    crossOriginResourcePolicy: { policy: "cross-origin" },
  });
  return (request, response, next) => apply(request, response, () => next(request, response));
}

function crossOrigin(origins: readonly string[]): HttpStep {
  const apply = cors({
    origin: origins.includes("*") ? true : [...origins],
    credentials: true,
    exposedHeaders: [
      "Authorization",
      "X-Token-Refresh-Needed",
      "X-Relogin-Required",
      "X-Request-Id",
      "Retry-After",
    ],
    maxAge: 600,
  });
  return (request, response, next) =>
    apply(request as Parameters<typeof apply>[0], response as unknown as Parameters<typeof apply>[1], () =>
      next(request, response),
    );
}

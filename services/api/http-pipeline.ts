import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import cors from "cors";
import helmet from "helmet";
import type { Config } from "../../config/index.ts";
import type { ErrorCode } from "../../contracts/errors.ts";

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;
type HttpStep = (request: IncomingMessage, response: ServerResponse, next: HttpHandler) => void;

/** What a client may send as its own request id, so that it can't forge log lines. */
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** Body of a JSON request at most, in bytes. */
export const JSON_LIMIT = 1_048_576;
/** An uploaded file at most, in bytes, and what a form may hold besides. */
export const UPLOAD_LIMIT = 10 * 1_048_576;
export const FORM_OVERHEAD = 262_144;
/** An announced form of which the rest is read, so that its sender gets to read the refusal. */
const DRAINABLE_FORM = 4 * UPLOAD_LIMIT;

/** Answers a request that must not be routed. */
export type Refuse = (request: IncomingMessage, response: ServerResponse, code: ErrorCode) => void;

export interface PipelineEnds {
  /** Sees every request, also those that are refused here; before anything else. */
  readonly observe: HttpHandler;
  readonly refuse: Refuse;
  /** Routes what passed. */
  readonly route: HttpHandler;
}

/** What every request passes before it is routed: request id, log, security headers, CORS, plain refusals. */
export function httpPipeline(
  config: Config["gateway"],
  { observe, refuse, route }: PipelineEnds,
): HttpHandler {
  const steps: HttpStep[] = [
    identify,
    (request, response, next) => {
      observe(request, response);
      next(request, response);
    },
    securityHeaders(),
    ...(config.corsOrigins.length > 0 ? [crossOrigin(config.corsOrigins)] : []),
    refusing(refuse),
    normalise,
  ];
  return steps.reduceRight<HttpHandler>(
    (next, step) => (request, response) => step(request, response, next),
    route,
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
  next(request, response);
};

/** What the router would take for something else. */
function refusing(refuse: Refuse): HttpStep {
  return (request, response, next) => {
    // Only paths: `GET http://host/` is for proxies.
    if (!request.url?.startsWith("/")) return refuse(request, response, "NOT_FOUND");
    // moleculer-web would run the method that a preflight asks about.
    if (request.method === "OPTIONS") return refuse(request, response, "NOT_FOUND");
    const length = Number(request.headers["content-length"] ?? 0);
    if (length > (isForm(request) ? UPLOAD_LIMIT + FORM_OVERHEAD : JSON_LIMIT)) {
      // Without reading it to its end.
      if (!isForm(request) || length > DRAINABLE_FORM) response.setHeader("Connection", "close");
      return refuse(request, response, "PAYLOAD_TOO_LARGE");
    }
    next(request, response);
  };
}

const normalise: HttpStep = (request, response, next) => {
  // Node leaves the body of an answer to HEAD out by itself.
  if (request.method === "HEAD") request.method = "GET";
  // A body is JSON in UTF-8, whatever is said of it.
  if (!isForm(request)) request.headers["content-type"] = "application/json";
  const [path = "", ...query] = String(request.url).split("?");
  request.url = [path.replaceAll("%40", "@"), ...query].join("?");
  next(request, response);
};

/** Is it the one kind of body that isn't JSON? */
export function isForm(request: IncomingMessage): boolean {
  return request.headers["content-type"]?.toLowerCase().startsWith("multipart/form-data") ?? false;
}

function securityHeaders(): HttpStep {
  const apply = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // blob: is the picture that a member is about to upload.
        imgSrc: ["'self'", "data:", "blob:"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
      },
    },
    // Over plain HTTP browsers ignore it; behind TLS the proxy that ends TLS decides.
    strictTransportSecurity: false,
    crossOriginResourcePolicy: { policy: "cross-origin" },
  });
  return (request, response, next) => apply(request, response, () => next(request, response));
}

function crossOrigin(origins: readonly string[]): HttpStep {
  const anyOrigin = origins.includes("*");
  const apply = cors({
    // Never 204: some clients can't take a status that forbids a body.
    optionsSuccessStatus: 200,
    origin: anyOrigin ? "*" : [...origins],
    // Cookies for everybody would be an open door.
    credentials: !anyOrigin,
    exposedHeaders: [
      "Authorization",
      "X-Token-Refresh-Needed",
      "X-Relogin-Required",
      "X-Request-Id",
      "Retry-After",
    ],
    maxAge: 600,
  });
  return (request, response, next) => {
    // Without an origin it is nobody's preflight.
    if (request.headers.origin === undefined) return next(request, response);
    apply(request as Parameters<typeof apply>[0], response as unknown as Parameters<typeof apply>[1], () =>
      next(request, response),
    );
  };
}

import { isUtf8 } from "node:buffer";
import type { Context, Service } from "moleculer";
import type { Alias, ApiRouteSchema, GatewayResponse, IncomingRequest, Route } from "moleculer-web";
import type { Config } from "../../config/index.ts";
import type { TokenPair } from "../../contracts/dto/tokens.ts";
import { type DomainErrorData, domainError } from "../../contracts/errors.ts";
import type { RequestMeta } from "../../contracts/meta.ts";
import { TransferableBytes } from "../../contracts/transferable-bytes.ts";
import type { Admission } from "./admission.ts";
import type { VerifiedToken } from "./authentication/access-token-verifier.ts";
import type { AllowedMethods, Endpoint } from "./endpoints.ts";
import { errorAnswer, errorCodeOf } from "./error-response.ts";
import { type FileResult, fileAnswer } from "./file-answer.ts";
import { isForm, JSON_LIMIT, requestIdOf } from "./http-pipeline.ts";
import { preferredLanguage } from "./language.ts";
import type { RecentWrites } from "./recent-writes.ts";
import { readParamsOrThrow } from "./request-params.ts";
import { endedSessionHeaders, refreshTokenOf, sessionHeaders } from "./session-transport.ts";
import { readUploadOrThrow } from "./upload.ts";
import type { UploadBudget } from "./upload-budget.ts";

export interface GatewayMembers {
  admission: Admission;
  recentWrites: RecentWrites;
  /** Of the uploads in this process. */
  uploads: UploadBudget;
  /** Of every path that this gateway serves. */
  allowedMethods: AllowedMethods;
  readiness: "STARTING" | "READY" | "STOPPING";
}

/** What the gateway remembers of a request while it is under way; never leaves the process. */
interface Locals {
  endpoint?: Endpoint;
  caller?: VerifiedToken;
}

type ApiRequest = IncomingRequest & { body?: unknown };
type GatewayContext = Context<unknown, RequestMeta, Locals>;
type GatewayThis = Service & GatewayMembers;

export const API_PREFIX = "/api";

/** The route of all published actions: admission, params, envelope, errors. */
export function apiRoute(
  config: Config,
  endpoints: readonly Endpoint[],
  addressOf: (request: IncomingRequest) => string,
): ApiRouteSchema {
  const byAlias = new Map(endpoints.map((endpoint) => [aliasOf(endpoint), endpoint]));
  /** Those whose body isn't JSON, or doesn't matter. */
  const bodyPaths = new Set(
    endpoints.filter((endpoint) => isRefresh(endpoint) || endpoint.rest.upload).map(({ path }) => path),
  );
  const { cookieSecure } = config.gateway;

  return {
    path: API_PREFIX,
    mappingPolicy: "restrict",
    mergeParams: false,
    etag: false,
    logging: false,
    aliases: Object.fromEntries(endpoints.map((endpoint) => [aliasOf(endpoint), endpoint.action])),
    bodyParsers: {
      json: {
        limit: JSON_LIMIT,
        type: (request: IncomingRequest) =>
          request.method !== "GET" &&
          !isForm(request) &&
          !bodyPaths.has(request.url?.replace(/\/?(\?.*)?$/, "") ?? ""),
        verify: requireUtf8,
      },
    },

    async onBeforeCall(
      this: GatewayThis,
      ctx: GatewayContext,
      _route: Route,
      req: ApiRequest,
      res: GatewayResponse,
      alias: Alias,
    ) {
      const endpoint = byAlias.get(`${alias.method} ${alias.path}`);
      if (!endpoint) throw domainError("NOT_FOUND");
      ctx.locals.endpoint = endpoint;
      const refreshToken = refreshTokenOf(req.headers.cookie);
      const caller = await this.admission.admitOrThrow(endpoint, {
        address: addressOf(req),
        authorization: req.headers.authorization,
        refreshToken,
        body: req.body,
      });
      ctx.locals.caller = caller;
      if (caller) {
        ctx.meta.memberId = caller.memberId;
        ctx.meta.accessToken = { jti: caller.jti, expiresAt: caller.expiresAt };
      }
      const { params: path, query } = req.$params;
      const params = readParamsOrThrow(endpoint, {
        path,
        query,
        body: await bodyOf(endpoint, req, res, this.uploads),
      });
      if (isRefresh(endpoint)) params.refreshToken = refreshToken;
      req.$params = params;
    },

    async onAfterCall(
      this: GatewayThis,
      ctx: GatewayContext,
      _route: Route,
      req: IncomingRequest,
      res: GatewayResponse,
      result: unknown,
    ) {
      const { endpoint, caller } = ctx.locals;
      if (!endpoint) throw new Error("An answer without an endpoint");
      await this.recentWrites.note(endpoint, caller?.memberId ?? memberIdIn(result));
      const { session, status = 200, answer } = endpoint.rest;
      if (answer === "file") {
        const file = result as FileResult;
        // moleculer-web writes its own type over the header.
        Object.assign(ctx.meta, { $responseType: file.mimeType });
        return fileAnswer(req, res, file);
      }
      res.setHeader("Cache-Control", "no-store");
      if (session === "opens" || session === "renews") {
        const { data, tokens } = result as { data: unknown; tokens: TokenPair };
        setHeaders(res, sessionHeaders(tokens, cookieSecure));
        return envelope(status, data);
      }
      if (session === "closes") setHeaders(res, endedSessionHeaders(cookieSecure));
      else if (caller?.signedBy === "former") res.setHeader("X-Token-Refresh-Needed", "true");
      return envelope(status, result);
    },

    onError(this: GatewayThis, req: IncomingRequest, res: GatewayResponse, error: Error) {
      const { endpoint, caller } = (req.$ctx as GatewayContext).locals;
      const data = dataOf(error);
      // It may be done nevertheless, as after a time-out.
      if (endpoint) void this.recentWrites.note(endpoint, caller?.memberId);
      if (endpoint && isRefresh(endpoint) && data.session === "relogin") {
        setHeaders(res, endedSessionHeaders(cookieSecure));
      }
      answerError(this, req, res, error);
    },
  } as unknown as ApiRouteSchema;
}

/** Answers a failure in the contract's envelope, and logs what is our fault. */
export function answerError(
  service: Service & Pick<GatewayMembers, "allowedMethods">,
  req: IncomingRequest,
  res: GatewayResponse,
  error: Error,
): void {
  // An aborted upload reaches this twice; a second answer would end the process.
  if (res.headersSent) return;
  const found = errorCodeOf(error);
  const methods = found === "NOT_FOUND" ? service.allowedMethods.of(pathOf(req)) : [];
  const isWrongMethod = methods.length > 0 && !methods.includes(req.method ?? "");
  const code = isWrongMethod ? "METHOD_NOT_ALLOWED" : found;
  const requestId = requestIdOf(req);
  const answer = errorAnswer(code, dataOf(error), {
    path: pathOf(req),
    requestId,
    language: preferredLanguage(req.headers["accept-language"]),
  });
  if (answer.status === 500) service.logger.error({ requestId, err: error }, "request failed");
  else if (answer.status > 500) service.logger.warn({ requestId, err: error }, "request could not be served");
  setHeaders(res, answer.headers);
  if (isWrongMethod) res.setHeader("Allow", methods.join(", "));
  res.setHeader("Cache-Control", "no-store");
  res.setHeader("Content-Type", "application/json; charset=utf-8");
  res.statusCode = answer.status;
  res.end(JSON.stringify(answer.body));
}

function aliasOf({ method, path }: Endpoint): string {
  return `${method} ${path.slice(1).replace(/\{(\w+)\}/g, ":$1")}`;
}

/** JSON is parsed by now; a form is read only here, of those whom admission let pass. */
async function bodyOf(
  { rest }: Endpoint,
  req: ApiRequest,
  res: GatewayResponse,
  uploads: UploadBudget,
): Promise<unknown> {
  if (rest.upload === undefined) return req.body;
  const file = await readUploadOrThrow(req, res, rest.upload, uploads);
  return { [rest.upload]: new TransferableBytes(file) };
}

/** Of a log-in: the request itself has no caller yet. */
function memberIdIn(result: unknown): unknown {
  return Object(Object(result).data).memberId;
}

function isRefresh({ rest }: Endpoint): boolean {
  return rest.session === "renews" && rest.auth === "none";
}

/** Half-decoded text would be stored as something that nobody wrote. */
function requireUtf8(_request: IncomingRequest, _response: GatewayResponse, body: Buffer): void {
  if (!isUtf8(body)) throw new Error("not UTF-8");
}

function envelope(status: number, data: unknown) {
  return { status, result: "SUCCESS", data: data ?? null };
}

function dataOf(error: Error): DomainErrorData {
  const { data } = error as { data?: unknown };
  return typeof data === "object" && data !== null ? data : {};
}

function pathOf(req: IncomingRequest): string {
  return (req.originalUrl ?? req.url ?? "").split("?", 1)[0] ?? "";
}

function setHeaders(res: GatewayResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
}

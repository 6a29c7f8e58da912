import type { IncomingMessage, ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import type { Context, Service, ServiceSchema } from "moleculer";
import ApiGateway, { type GatewayResponse, type IncomingRequest } from "moleculer-web";
import type { Config } from "../../config/index.ts";
import { domainError } from "../../contracts/errors.ts";
import { TOKENS_REVOKED, type TokensRevoked } from "../../contracts/tokens.ts";
import { type RedisMembers, RedisMixin } from "../../mixins/redis.mixin.ts";
import { type SqlMembers, SqlMixin } from "../../mixins/sql.mixin.ts";
import { observeRequest } from "./access-log.ts";
import { Admission } from "./admission.ts";
import { API_PREFIX, answerError, apiRoute, type GatewayMembers } from "./api-route.ts";
import { AccessTokenVerifier } from "./authentication/access-token-verifier.ts";
import { RefreshTokenLookup } from "./authentication/refresh-token-lookup.ts";
import { SecurityView } from "./authentication/security-view.ts";
import { clientAddress } from "./client-address.ts";
import { DOCUMENTATION_PATHS, documentationRoute } from "./documentation-route.ts";
import { AllowedMethods, type Endpoint } from "./endpoints.ts";
import { HEALTH_PATHS, healthRoute } from "./health-route.ts";
import { httpPipeline } from "./http-pipeline.ts";
import { HttpServer } from "./http-server.ts";
import { RateLimits } from "./rate-limits.ts";
import { RecentWrites } from "./recent-writes.ts";
import { answerUnparsable } from "./unparsable-request.ts";
import { UploadBudget } from "./upload-budget.ts";
import { WebClient } from "./web-client.ts";

type ApiThis = Service &
  SqlMembers &
  RedisMembers &
  GatewayMembers & {
    server: HttpServer;
    securityView: SecurityView;
    httpHandler(request: IncomingMessage, response: ServerResponse): Promise<void>;
    sendError(request: IncomingRequest, response: GatewayResponse, error: Error): void;
    /** Static files of `public/`. */
    serve(request: IncomingRequest, response: GatewayResponse, next: (error?: unknown) => void): void;
  };

/** Bytes of uploads that a process holds at most; whoever comes then is asked to come again. */
const UPLOADS_IN_MEMORY = 64 * 1_048_576;

const PUBLIC_FOLDER = fileURLToPath(new URL("../../public", import.meta.url));
const WEB_FOLDER = fileURLToPath(new URL("../../web/dist", import.meta.url));

/**
 * The gateway: REST over HTTP for every published action of the mesh. Stateless; runs in every process that
 * answers HTTP. Owns no tables; reads keys, blacklist and session generations to check tokens.
 */
export default function apiService(config: Config, endpoints: readonly Endpoint[]): ServiceSchema {
  const addressOf = (request: IncomingMessage) =>
    clientAddress(
      request.socket.remoteAddress,
      request.headers["x-forwarded-for"]?.toString(),
      config.gateway.trustedProxyHops,
    );
  return {
    name: "api",
    mixins: [
      SqlMixin(config.database),
      RedisMixin(config.redis),
      ApiGateway as unknown as Partial<ServiceSchema>,
    ],
    settings: {
      // The server is ours: it drains, and a port in use is an error of the start.
      server: false,
      routes: [apiRoute(config, endpoints, addressOf), healthRoute(), documentationRoute(endpoints)],
      optimizeOrder: false,
      logRequest: null,
      logRequestParams: null,
      logResponse: null,
      logRouteRegistration: null,
      assets: { folder: PUBLIC_FOLDER, options: { maxAge: "1h" } },
      onError(this: ApiThis, request: IncomingRequest, response: GatewayResponse, error: Error) {
        answerError(this, request, response, error);
      },
      $secureSettings: ["routes"],
    },
    actions: {
      listAliases: false,
      addRoute: false,
      removeRoute: false,
    },
    events: {
      /** A revocation anywhere in the mesh counts at once, not only at the next look into the tables. */
      [TOKENS_REVOKED](this: ApiThis, ctx: Context<TokensRevoked>) {
        this.securityView.learn(ctx.params);
      },
    },
    methods: {
      /** Reports not ready and finishes the requests in hand; the process stops its services afterwards. */
      async drain(this: ApiThis) {
        this.readiness = "STOPPING";
        await this.server.drain(config.gateway.drainDelay);
      },
      /** In place of moleculer-web's: it logs once more what `answerError` has logged. */
      errorHandler(this: ApiThis, request: IncomingRequest, response: GatewayResponse, error: Error) {
        this.sendError(request, response, error);
      },
    },
    created(this: ApiThis) {
      this.readiness = "STARTING";
      const { serve } = this;
      // moleculer-web cuts the route's path off the URL and then looks for a file: /api would be the start page.
      this.serve = (request, response, next) => {
        request.url = request.originalUrl ?? request.url;
        serve(request, response, next);
      };
      this.securityView = new SecurityView(this.database);
      const verifier = new AccessTokenVerifier(this.securityView, this.keyValue);
      const rates = config.gateway.rateLimits;
      this.admission = new Admission(
        verifier,
        new RefreshTokenLookup(this.database),
        new RateLimits(rates, this.redis),
        rates,
      );
      this.recentWrites = new RecentWrites(this.keyValue, config.readReplica);
      this.uploads = new UploadBudget(UPLOADS_IN_MEMORY);
      this.allowedMethods = new AllowedMethods([
        ...endpoints.map(({ method, path }) => ({ method, path: API_PREFIX + path })),
        ...HEALTH_PATHS,
        ...DOCUMENTATION_PATHS,
      ]);
      const webClient = new WebClient(WEB_FOLDER);
      const pipeline = httpPipeline(config.gateway, {
        observe: (request, response) => observeRequest(this.broker, request, response, addressOf(request)),
        refuse: (request, response, code) =>
          answerError(this, request as IncomingRequest, response as GatewayResponse, domainError(code)),
        route: (request, response) => {
          if (!webClient.answer(request, response)) void this.httpHandler(request, response);
        },
      });
      this.server = new HttpServer(pipeline, answerUnparsable);
    },
    async started(this: ApiThis) {
      await this.server.listen(config.gateway.port, config.gateway.host);
      this.readiness = "READY";
    },
    async stopped(this: ApiThis) {
      this.readiness = "STOPPING";
      await this.server.drain(0);
    },
  } as unknown as ServiceSchema;
}

/** The address a started gateway answers at. */
export function gatewayUrl(service: Service): string {
  return (service as ApiThis).server.url;
}

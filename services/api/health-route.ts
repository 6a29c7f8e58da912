import type { Service } from "moleculer";
import type { ApiRouteSchema, GatewayResponse, IncomingRequest } from "moleculer-web";
import { answerError, type GatewayMembers } from "./api-route.ts";
import { localHealth, readinessText } from "./health.ts";

type GatewayThis = Service & GatewayMembers;

export const HEALTH_PATHS = ["live", "startup", "ready"].map((probe) => ({
  method: "GET",
  path: `/healthcheck/${probe}`,
}));

/** Probes of the process: alive, started, ready for requests. */
export function healthRoute(): ApiRouteSchema {
  return {
    path: "/healthcheck",
    mappingPolicy: "restrict",
    bodyParsers: false,
    logging: false,
    aliases: {
      "GET live": (_req: IncomingRequest, res: GatewayResponse) => answerText(res, 200, "OK"),
      "GET startup": (_req: IncomingRequest, res: GatewayResponse) => answerText(res, 200, "OK"),
      async "GET ready"(this: GatewayThis, _req: IncomingRequest, res: GatewayResponse) {
        const report = await localHealth(this.broker);
        const failing =
          this.readiness === "READY" ? report.failing : [this.readiness.toLowerCase(), ...report.failing];
        if (failing.length > 0) answerText(res, 503, failing.join(", "));
        else answerText(res, 200, readinessText(report));
      },
    },
    onError(this: GatewayThis, req: IncomingRequest, res: GatewayResponse, error: Error) {
      answerError(this, req, res, error);
    },
  } as unknown as ApiRouteSchema;
}

function answerText(res: GatewayResponse, status: number, text: string): void {
  res.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" });
  res.end(text);
}

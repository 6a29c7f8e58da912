import { readFileSync } from "node:fs";
import type { Service } from "moleculer";
import type { ApiRouteSchema, GatewayResponse, IncomingRequest } from "moleculer-web";
import { answerError, type GatewayMembers } from "./api-route.ts";
import { docsPage } from "./docs-page.ts";
import type { Endpoint } from "./endpoints.ts";
import { openApiDocument } from "./openapi.ts";

const PACKAGE_FILE = new URL("../../package.json", import.meta.url);

export const DOCUMENTATION_PATHS = ["/", "/docs", "/api-docs/json"].map((path) => ({ method: "GET", path }));

/** `/api-docs/json` for programs, `/docs` for people; both made once, when first asked for. */
export function documentationRoute(endpoints: readonly Endpoint[]): ApiRouteSchema {
  const { version } = JSON.parse(readFileSync(PACKAGE_FILE, "utf8")) as { version: string };
  let json: string | undefined;
  let page: string | undefined;
  return {
    path: "/",
    mappingPolicy: "restrict",
    bodyParsers: false,
    logging: false,
    aliases: {
      "GET api-docs/json": (_req: IncomingRequest, res: GatewayResponse) => {
        json ??= JSON.stringify(openApiDocument(endpoints, version));
        answer(res, "application/json; charset=utf-8", json);
      },
      "GET docs": (_req: IncomingRequest, res: GatewayResponse) => {
        page ??= docsPage(openApiDocument(endpoints, version));
        answer(res, "text/html; charset=utf-8", page);
      },
    },
    onError(this: Service & GatewayMembers, req: IncomingRequest, res: GatewayResponse, error: Error) {
      answerError(this, req, res, error);
    },
  } as unknown as ApiRouteSchema;
}

function answer(res: GatewayResponse, type: string, text: string): void {
  res.writeHead(200, { "Content-Type": type, "Cache-Control": "no-cache" });
  res.end(text);
}

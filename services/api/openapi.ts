import type { TObject, TSchema } from "@sinclair/typebox";
import { ERROR_CATALOGUE, type ErrorCode } from "../../contracts/errors.ts";
import type { Endpoint } from "./endpoints.ts";

type Json = { [key: string]: unknown };

/** Errors that any endpoint may answer. */
const GENERAL_ERRORS: readonly ErrorCode[] = [
  "VALIDATION_ERROR",
  "TOO_MANY_REQUEST",
  "INTERNAL_SERVER_ERROR",
  "SERVICE_UNAVAILABLE",
  "GATEWAY_TIMEOUT",
];
const TOKEN_ERRORS: readonly ErrorCode[] = [
  "BEARER_TOKEN_MISSING",
  "INVALID_TOKEN",
  "JWT_EXPIRED",
  "JWT_KEY_EXPIRED",
  "TOKEN_BLACKLISTED",
];
const BODY_ERRORS: readonly ErrorCode[] = ["MALFORMED_JSON", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"];

const TAGS: Readonly<Record<string, string>> = {
  auth: "Sign-up, log-in, tokens",
  member: "Members, profiles, follows",
  content: "Posts, comments, likes: writing",
  timeline: "Feeds, posts, comments: reading",
  activity: "What members did",
  image: "Pictures",
};

/** The OpenAPI 3.1 document of the endpoints, made from the schemas that validate them. */
export function openApiDocument(endpoints: readonly Endpoint[], version: string): Json {
  const components: Record<string, Json> = { ErrorEnvelope: ERROR_ENVELOPE };
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = `/api${endpoint.path}`;
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint, components) };
  }
  const services = [...new Set(endpoints.map(serviceOf))].sort();
  return {
    openapi: "3.1.0",
    info: {
      title: "dailyfeed",
      version,
      summary: "The REST API of dailyfeed",
      description: DESCRIPTION,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: services.map((name) => ({ name, description: TAGS[name] ?? name })),
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        accessToken: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
        refreshToken: { type: "apiKey", in: "cookie", name: "refresh_token" },
      },
    },
  };
}

function operationOf(endpoint: Endpoint, components: Record<string, Json>): Json {
  const { rest, method } = endpoint;
  const isRead = method === "GET";
  const needsCookie = endpoint.rest.session === "renews" && rest.auth === "none";
  const names = Object.keys(endpoint.params.properties).filter(
    (name) => !(needsCookie && name === "refreshToken"),
  );
  const inPath = names.filter((name) => endpoint.pathParameters.includes(name));
  const others = names.filter((name) => !endpoint.pathParameters.includes(name));
  const parameters = [
    ...inPath.map((name) => parameter(endpoint.params, name, "path")),
    ...(isRead ? others.map((name) => parameter(endpoint.params, name, "query")) : []),
  ];
  return {
    operationId: endpoint.isMainPath ? endpoint.action : `${endpoint.action}:${endpoint.path}`,
    tags: [serviceOf(endpoint)],
    summary: endpoint.summary,
    security: needsCookie ? [{ refreshToken: [] }] : rest.auth === "none" ? [] : [{ accessToken: [] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(!isRead && others.length > 0 ? { requestBody: requestBody(endpoint, others) } : {}),
    responses: {
      ...(rest.answer === "file" ? FILE_ANSWERS : { "200": success(endpoint, components) }),
      ...failures(endpoint),
    },
  };
}

function parameter(params: TObject, name: string, place: "path" | "query"): Json {
  const schema = params.properties[name] as TSchema;
  return {
    name,
    in: place,
    required: place === "path" || (params.required ?? []).includes(name),
    ...(schema.description ? { description: schema.description } : {}),
    schema,
  };
}

function requestBody({ params, rest }: Endpoint, names: readonly string[]): Json {
  const required = (params.required ?? []).filter((name) => names.includes(name));
  const properties = Object.fromEntries(
    names.map((name) => [name, name === rest.upload ? UPLOADED_FILE : params.properties[name]]),
  );
  return {
    required: required.length > 0,
    content: {
      [rest.upload ? "multipart/form-data" : "application/json"]: {
        schema: { type: "object", properties, ...(required.length > 0 ? { required } : {}) },
      },
    },
  };
}

function success(endpoint: Endpoint, components: Record<string, Json>): Json {
  const { status = 200, session } = endpoint.rest;
  const carriesTokens = session === "opens" || session === "renews";
  const data: TSchema = carriesTokens
    ? ((endpoint.returns as TObject).properties.data as TSchema)
    : endpoint.returns;
  return {
    description: "Success; the logical status is in the envelope",
    ...(carriesTokens ? { headers: SESSION_HEADERS } : {}),
    content: {
      "application/json": {
        schema: {
          type: "object",
          required: ["status", "result", "data"],
          properties: {
            status: { const: status },
            result: { const: "SUCCESS" },
            data: named(data, components),
          },
        },
      },
    },
  };
}

/** Schemas with a title become components; everything else stays in place. */
function named(schema: unknown, components: Record<string, Json>): unknown {
  if (Array.isArray(schema)) return schema.map((item) => named(item, components));
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, named(value, components)]),
  );
  if (typeof inner.title !== "string" || inner.type !== "object") return inner;
  components[inner.title] = inner;
  return { $ref: `#/components/schemas/${inner.title}` };
}

function failures(endpoint: Endpoint): Json {
  const codes = new Set<ErrorCode>([
    ...(endpoint.errors ?? []),
    ...GENERAL_ERRORS,
    ...(endpoint.rest.auth === "none" ? [] : TOKEN_ERRORS),
    ...(endpoint.method === "GET" ? [] : BODY_ERRORS),
  ]);
  const byStatus = Map.groupBy(codes, (code) => ERROR_CATALOGUE[code][0]);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      String(status),
      {
        description: ofStatus.map((code) => `${code}: ${ERROR_CATALOGUE[code][2]}`).join("  \n"),
        content: {
          "application/json": {
            schema: {
              allOf: [
                { $ref: "#/components/schemas/ErrorEnvelope" },
                { properties: { statusCode: { const: status }, code: { enum: ofStatus } } },
              ],
            },
          },
        },
      },
    ]),
  );
}

function serviceOf(endpoint: Endpoint): string {
  return endpoint.action.split(".", 1)[0] ?? "";
}

const UPLOADED_FILE = {
  type: "string",
  contentMediaType: "application/octet-stream",
  description: "One file of at most 10 MB; its format is told by its bytes, not by its name or type",
};

const FILE_HEADERS = {
  ETag: { description: "Tells the file's state", schema: { type: "string" } },
  "Cache-Control": { schema: { const: "public, max-age=31536000, immutable" } },
};

const FILE_ANSWERS: Json = {
  "200": {
    description: "The bytes",
    headers: FILE_HEADERS,
    content: { "image/webp": { schema: { type: "string", contentMediaType: "image/webp" } } },
  },
  "304": { description: "The client has it: its `If-None-Match` holds the ETag", headers: FILE_HEADERS },
};

const SESSION_HEADERS = {
  Authorization: { description: "`Bearer` and the new access token", schema: { type: "string" } },
  "Set-Cookie": {
    description: "The new refresh token: `refresh_token`, HttpOnly, SameSite=Strict",
    schema: { type: "string" },
  },
};

const ERROR_ENVELOPE: Json = {
  type: "object",
  required: ["statusCode", "resultCode", "code", "message", "path", "requestId"],
  properties: {
    statusCode: { type: "integer" },
    resultCode: { const: "FAIL" },
    code: { type: "string", description: "Stable symbol" },
    message: { type: "string", description: "For people: Korean, or English for Accept-Language: en" },
    path: { type: "string" },
    requestId: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["field", "message"],
        properties: { field: { type: "string" }, message: { type: "string" } },
      },
    },
  },
};

const DESCRIPTION = `Every success is HTTP 200; the envelope's \`status\` carries the logical status.
Every failure has its HTTP status and the error envelope. \`X-Request-Id\` is taken from the request or made, and is on every answer.

**Tokens.** Log-in and refresh answer the access token in the header \`Authorization\` and the refresh token in a cookie.
\`X-Token-Refresh-Needed: true\` on 401: refresh, then repeat the call once; on a success: finish, then refresh.
\`X-Relogin-Required: true\`: forget everything and log in again.

**Lists.** \`page\` and \`size\`, or \`cursor\` with the \`nextCursor\` of the page before. \`page * size\` beyond 10,000 is refused: go on by cursor.`;

import { validate } from "@readme/openapi-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import { ERROR_CATALOGUE } from "../../contracts/errors.ts";
import { type Endpoint, endpointsOf } from "../../services/api/endpoints.ts";
import { publishedEndpoints } from "../../services/index.ts";
import { type App, startApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  operationId: string;
  summary?: string;
  parameters?: { name: string; in: string }[];
  responses: Record<string, { description: string }>;
}

let app: App;
let document: OpenApi;
let endpoints: Endpoint[];

beforeAll(async () => {
  app = await startApp();
  document = (await new Client(app.url).get("/api-docs/json")).body;
  endpoints = publishedEndpoints(configOrThrow({}));
});
afterAll(async () => {
  await app.stop();
});

describe("the OpenAPI file", () => {
  it("is valid OpenAPI 3.1", async () => {
    expect(document.openapi).toBe("3.1.0");
    const result = await validate(structuredClone(document) as unknown as Parameters<typeof validate>[0]);
    expect(result).toMatchObject({ valid: true });
  });

  it("lists every endpoint of the contract", () => {
    const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace("/api", "")}`),
    );
    expect(listed.sort()).toEqual([...CONTRACT].sort());
  });

  it("documents every exposed action: a summary, an answer, known errors, all path parameters", () => {
    expect(endpoints.length).toBe(CONTRACT.length);
    for (const { action, path, method, summary, returns, errors = [], pathParameters } of endpoints) {
      expect([action, summary?.length ?? 0]).not.toEqual([action, 0]);
      expect([action, typeof returns]).toEqual([action, "object"]);
      for (const code of errors) expect(Object.keys(ERROR_CATALOGUE)).toContain(code);
      const operation = document.paths[`/api${path}`]?.[method.toLowerCase()];
      const documented = operation?.parameters?.filter((p) => p.in === "path").map((p) => p.name) ?? [];
      expect([action, documented.sort()]).toEqual([action, [...pathParameters].sort()]);
    }
  });

  it("would miss an action that is exposed without documentation", () => {
    const bare = { rest: { method: "GET", path: "/bare" }, handler: () => true };
    const [endpoint] = endpointsOf([{ name: "s", actions: { bare } } as never]);
    expect(endpoint?.summary).toBeUndefined();
    expect(endpoint?.returns).toBeUndefined();
  });

  it("has operation ids that are unique", () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((o) => o.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

/** The REST contract, endpoint by endpoint. */
const CONTRACT = [
  "POST /authentication/signup",
  "POST /authentication/login",
  "POST /authentication/logout",
  "POST /authentication/logout-all",
  "POST /token/refresh",
  "POST /authentication/refresh",
  "PUT /authentication/password",
  "DELETE /authentication/deactivate",
  "GET /members",
  "GET /members/{id}",
  "GET /members/profile",
  "GET /members/profile/@{handle}",
  "GET /members/profile/{memberId}",
  "GET /members/{memberId}/profile",
  "PUT /members/profile",
  "PUT /members/profile/handle",
  "GET /members/summary",
  "GET /members/{memberId}/summary",
  "GET /members/followers-followings",
  "GET /members/{memberId}/followers-followings",
  "GET /members/followers/more",
  "GET /members/followings/more",
  "GET /members/{memberId}/followers/more",
  "GET /members/{memberId}/followings/more",
  "POST /members/query/in",
  "GET /members/query/followings",
  "POST /members/follow/{memberId}",
  "DELETE /members/follow/{memberId}",
  "GET /members/follow/recommend/newbie",
  "GET /members/follow/recommend/newbie/more",
  "POST /posts",
  "PUT /posts/{id}",
  "DELETE /posts/{id}",
  "POST /posts/{id}/like",
  "DELETE /posts/{id}/like",
  "POST /comments",
  "POST /comments/replies",
  "PUT /comments/{id}",
  "DELETE /comments/{id}",
  "POST /comments/{id}/like",
  "DELETE /comments/{id}/like",
  "GET /timeline/posts/followings",
  "GET /timeline/posts/most-popular",
  "GET /timeline/posts/most-commented",
  "GET /timeline/posts/recent-activities",
  "GET /timeline/posts",
  "GET /timeline/posts/authors/{memberId}",
  "GET /timeline/posts/date-range",
  "GET /timeline/posts/{id}",
  "GET /timeline/posts/{id}/comments",
  "GET /timeline/comments/{id}",
  "GET /timeline/comments/{id}/replies",
  "GET /timeline/comments",
  "GET /timeline/members/{memberId}/comments",
  "POST /timeline/posts/query/list",
  "GET /timeline/statistics/posts/{id}",
  "POST /member-activities/posts",
  "POST /member-activities/comments",
  "POST /member-activities/posts/likes",
  "POST /member-activities/comments/likes",
  "PUT /member-activities/{id}",
  "DELETE /member-activities/{id}",
  "GET /member-activities",
  "GET /member-activities/followings",
  "GET /search/posts",
  "GET /search/comments",
  "GET /search/comments/posts/{postId}",
  "GET /search/members",
  "POST /images/upload",
  "POST /images/upload/profile",
  "GET /images/view/{id}",
  "POST /images/view/command/delete/in",
];

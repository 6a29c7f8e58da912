import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import type { Endpoint } from "../../services/api/endpoints.ts";
import { publishedEndpoints } from "../../services/index.ts";
import { type App, startApp } from "../support/app.ts";
import { type Answer, Client, PASSWORD, type Session } from "../support/client.ts";

/** Nonsense for every endpoint: never a 5xx, always the envelope. */

const endpoints = publishedEndpoints(configOrThrow({}));
const UNKNOWN_ID = "9007199254740991";
const BAD_IDS = [
  "abc",
  "0",
  "-1",
  "1.5",
  "1e3",
  "9007199254740992",
  "99999999999999999999",
  "%00",
  "null",
  "1%20OR%201=1",
];

interface JsonSchema {
  type?: string | string[];
  maxLength?: number;
  minLength?: number;
  enum?: unknown[];
  format?: string;
}

let app: App;
let author: Client;
let stranger: Client;
let authorSession: Session;
let ids: { post: number; comment: number };

beforeAll(async () => {
  app = await startApp();
  const client = new Client(app.url);
  authorSession = await client.join();
  author = client.as(authorSession);
  stranger = client.as(await client.join());
  const post = (await author.post("/api/posts", { content: "글" })).body.data.id;
  const comment = (await author.post("/api/comments", { postId: post, content: "댓글" })).body.data.id;
  ids = { post, comment };
});
afterAll(async () => {
  await app.stop();
});

function expectEnvelope(answer: Answer, statuses: readonly number[], about: unknown): void {
  expect([about, statuses.includes(answer.status) ? "as expected" : answer.status, answer.body]).toEqual([
    about,
    "as expected",
    expect.objectContaining({
      statusCode: answer.status,
      resultCode: "FAIL",
      code: expect.stringMatching(/^[A-Z_]+$/),
      message: expect.stringMatching(/./),
      path: expect.stringMatching(/^\/api\//),
      requestId: expect.stringMatching(/./),
    }),
  ]);
}

/** The endpoint's path with an id for every parameter. */
function fill(endpoint: Endpoint, value: string): string {
  return `/api${endpoint.path.replace(/\{\w+\}/g, value)}`;
}

function schemasOf(endpoint: Endpoint): [name: string, schema: JsonSchema, required: boolean][] {
  return Object.entries(endpoint.params.properties)
    .filter(([name]) => !endpoint.pathParameters.includes(name) && name !== "refreshToken")
    .map(([name, schema]) => [name, schema as JsonSchema, (endpoint.params.required ?? []).includes(name)]);
}

/** A value that passes. */
function good(name: string, schema: JsonSchema): unknown {
  const known: Record<string, unknown> = {
    email: "someone@example.com",
    password: PASSWORD,
    currentPassword: PASSWORD,
    newPassword: "Other#day2",
    handle: "some_handle",
    newHandle: "some_handle",
    postId: ids.post,
    parentId: ids.comment,
    ids: [1],
    startDate: "2026-01-01T00:00:00Z",
    endDate: "2026-02-01T00:00:00Z",
  };
  if (name in known) return known[name];
  if (schema.enum) return schema.enum[0];
  if (schema.type === "integer") return 1;
  return "x".repeat(Math.max(2, schema.minLength ?? 1));
}

function wrong(schema: JsonSchema): unknown[] {
  const types = [schema.type].flat();
  const values: unknown[] = [{}, true];
  if (!types.includes("string")) values.push("text", "1");
  if (!types.includes("integer")) values.push(7);
  if (types.includes("integer")) values.push(1.5, -1);
  if (!types.includes("array")) values.push([]);
  if (schema.maxLength !== undefined) values.push("x".repeat(schema.maxLength + 1));
  if (schema.enum) values.push("NONE_OF_THESE");
  return values;
}

function requiredBody(endpoint: Endpoint): Record<string, unknown> {
  const required = schemasOf(endpoint).filter(([, , isRequired]) => isRequired);
  return Object.fromEntries(required.map(([name, schema]) => [name, good(name, schema)]));
}

/** Log-outs would take the token away that the next case needs; they take no input. */
const takesInput = endpoints.filter(({ path }) => !/logout/.test(path));
const withPath = takesInput.filter(({ pathParameters }) => pathParameters.length > 0);
const reads = takesInput.filter(({ method }) => method === "GET");
const writes = takesInput.filter((endpoint) => endpoint.method !== "GET" && schemasOf(endpoint).length > 0);
const takesJson = writes.filter(({ rest }) => rest.upload === undefined);
const takesFile = writes.filter(({ rest }) => rest.upload !== undefined);
const named = (list: readonly Endpoint[]) =>
  list.map((endpoint): [string, Endpoint] => [`${endpoint.method} ${endpoint.path}`, endpoint]);

describe("path parameters", () => {
  it.each(named(withPath))("%s refuses what is no id", async (name, endpoint) => {
    for (const id of BAD_IDS) {
      const answer = await author.send(endpoint.method, fill(endpoint, id), writeBody(endpoint));
      expectEnvelope(answer, [400, 404], [name, id]);
    }
  });

  it.each(named(withPath))("%s answers 404 for an unknown id", async (name, endpoint) => {
    const answer = await author.send(endpoint.method, fill(endpoint, UNKNOWN_ID), writeBody(endpoint));
    expectEnvelope(answer, [404], name);
  });
});

function writeBody(endpoint: Endpoint): unknown {
  return endpoint.method === "GET" || schemasOf(endpoint).length === 0 ? undefined : requiredBody(endpoint);
}

describe("query strings", () => {
  it.each(named(reads.filter((endpoint) => "page" in endpoint.params.properties)))(
    "%s refuses wrong paging",
    async (name, endpoint) => {
      const base = `${fill(endpoint, String(ids.post))}?${new URLSearchParams(requiredBody(endpoint) as Record<string, string>)}&`;
      for (const query of [
        "page=-1",
        "page=x",
        "page=",
        "page=1.5",
        "size=0",
        "size=-5",
        "size=x",
        "size=1e2",
        "page=101&size=100",
      ]) {
        expectEnvelope(await author.get(base + query), [400], [name, query]);
      }
      for (const cursor of ["x", "%F0%9F", "e30", "WyJ4IiwxLDFd", "x".repeat(600), "' OR 1=1 --"]) {
        if (/followers-followings/.test(name)) continue;
        expectEnvelope(await author.get(`${base}cursor=${cursor}`), [400], [name, cursor]);
      }
      expect((await author.get(`${base}size=500`)).body.data?.size ?? 100).toBe(100);
      expect((await author.get(`${base}page[$ne]=1&page[a][b]=2`)).status).toBeLessThan(500);
      expect((await author.get(`${base}size=1&size=2`)).status).toBeLessThan(500);
    },
  );

  it("of a date range must make sense", async () => {
    const range = (start: string, end: string) =>
      author.get(
        `/api/timeline/posts/date-range?startDate=${encodeURIComponent(start)}&endDate=${encodeURIComponent(end)}`,
      );
    for (const [start, end] of [
      ["", ""],
      ["yesterday", "today"],
      ["2026-02-30T00:00:00Z", "2026-03-01T00:00:00Z"],
      ["2026-03-01T00:00:00Z", "2026-02-01T00:00:00Z"],
      ["2025-01-01T00:00:00Z", "2026-01-03T00:00:00Z"],
      ["2026-01-01", "99999-01-01T00:00:00Z"],
    ] as const) {
      expectEnvelope(await range(start, end), [400], [start, end]);
    }
    expect((await range("2025-01-01T00:00:00Z", "2026-01-02T00:00:00Z")).status).toBe(200);
  });
});

describe("bodies", () => {
  it.each(named(writes))("%s refuses missing, wrong and too long values", async (name, endpoint) => {
    const path = fill(endpoint, String(ids.post));
    const body = requiredBody(endpoint);
    for (const [property, schema, isRequired] of schemasOf(endpoint)) {
      for (const value of wrong(schema)) {
        const answer = await author.send(endpoint.method, path, { ...body, [property]: value });
        expectEnvelope(answer, [400, 401, 403, 404], [name, property, value]);
        if (answer.status === 400 && answer.body.code === "VALIDATION_ERROR") {
          expect(answer.body.errors.map((error: { field: string }) => error.field.split(".")[0])).toContain(
            property,
          );
        }
      }
      if (isRequired) {
        const { [property]: _left, ...rest } = body;
        expectEnvelope(await author.send(endpoint.method, path, rest), [400], [name, `${property} missing`]);
        expectEnvelope(
          await author.send(endpoint.method, path, { ...body, [property]: null }),
          [400],
          [name, `${property} null`],
        );
      }
    }
  });

  it.each(named(takesFile))("%s refuses everything but a form", async (name, endpoint) => {
    for (const body of ["{,}", "[]", '{"image":"x"}']) {
      const answer = await author.send(endpoint.method, fill(endpoint, String(ids.post)), body);
      expectEnvelope(answer, [400], [name, body]);
    }
  });

  it.each(named(takesJson))("%s refuses malformed JSON", async (name, endpoint) => {
    for (const body of ['{"content":', "[1,2", "\ufffe", '{"__proto__":{"x":1}', "{,}"]) {
      const answer = await author.send(endpoint.method, fill(endpoint, String(ids.post)), body);
      expectEnvelope(answer, [400], [name, body]);
      expect(answer.body.code).toBe("MALFORMED_JSON");
    }
  });
});

describe("methods", () => {
  it.each(named(endpoints))("%s answers 405 to PATCH", async (name, endpoint) => {
    const answer = await author.send("PATCH", fill(endpoint, "1"), {});
    expectEnvelope(answer, [405], name);
    expect(answer.headers.get("allow")?.split(", ")).toContain(endpoint.method);
  });
});

describe("somebody else's things", () => {
  it.each([
    ["PUT", () => `/api/posts/${ids.post}`, { content: "mine now" }, "POST_UPDATE_FORBIDDEN"],
    ["DELETE", () => `/api/posts/${ids.post}`, undefined, "POST_DELETE_FORBIDDEN"],
    [
      "PUT",
      () => `/api/comments/${ids.comment}`,
      { content: "mine now" },
      "COMMENT_MODIFICATION_PERMISSION_DENIED",
    ],
    ["DELETE", () => `/api/comments/${ids.comment}`, undefined, "COMMENT_DELETION_PERMISSION_DENIED"],
  ])("%s of a stranger is 403", async (method, path, body, code) => {
    const answer = await stranger.send(method, path(), body);
    expectEnvelope(answer, [403], path());
    expect(answer.body.code).toBe(code);
    expect((await author.get(`/api/timeline/posts/${ids.post}`)).body.data.content).toBe("글");
    expect((await author.get(`/api/timeline/comments/${ids.comment}`)).body.data.content).toBe("댓글");
  });
});

describe("sign-up", () => {
  const base = () => ({
    email: "new@example.com",
    password: PASSWORD,
    memberName: "이름",
    handle: `h_${Math.random().toString(36).slice(2, 10)}`,
  });
  it.each([
    ["email", ["", "x", "x@", "@x.com", "a b@example.com", `${"x".repeat(95)}@e.com`]],
    [
      "password",
      [
        "",
        "Short1#",
        "alllower1#",
        "ALLUPPER1#",
        "NoDigits#x",
        "NoSpecial1x",
        "With Space1#",
        "한글Pass1#x",
        `Aa1#${"x".repeat(47)}`,
      ],
    ],
    ["memberName", ["", "x", "x".repeat(31)]],
    ["handle", ["", "ab", "x".repeat(51), "has space", "has-dash", "한글핸들", "a.b"]],
    ["displayName", ["x".repeat(51)]],
    ["bio", ["x".repeat(501)]],
    [
      "websiteUrl",
      [
        "example.com",
        "javascript:alert(1)",
        "ftp://example.com",
        "//example.com",
        "http://",
        `https://e.com/${"x".repeat(200)}`,
      ],
    ],
    ["birthDate", ["2026-02-30", "01-01-2000", "2999-01-01", "2000-1-1", "0000-00-00"]],
    ["gender", ["male", "X"]],
    ["timezone", ["Mars/Olympus", "../etc", "+09:00"]],
    ["languageCode", ["k", "toolong"]],
    ["countryCode", ["XX", "kr"]],
    ["privacyLevel", ["OPEN"]],
    [
      "avatarUrl",
      ["//evil.example.com/x", "javascript:alert(1)", "data:image/png;base64,xx", "/\\evil.example.com"],
    ],
    ["coverUrl", ["//evil.example.com/x", "file:///etc/passwd"]],
  ])("refuses %s: %o", async (property, values) => {
    const client = new Client(app.url);
    for (const value of values) {
      const answer = await client.post("/api/authentication/signup", { ...base(), [property]: value });
      expectEnvelope(answer, [400], [property, value]);
      expect(answer.body.errors).toContainEqual(expect.objectContaining({ field: property }));
    }
  });
});

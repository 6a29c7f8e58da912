import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, startApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

let app: App;
let client: Client;
let member: Client;

/** What the server answers to these very bytes. */
async function rawAnswer(bytes: string): Promise<string> {
  const { hostname, port } = new URL(app.url);
  const socket = connect(Number(port), hostname);
  socket.end(bytes);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

beforeAll(async () => {
  app = await startApp({ CORS_ORIGINS: "https://app.example.com" });
  client = new Client(app.url);
  member = client.as(await client.join());
});
afterAll(async () => {
  await app.stop();
});

describe("every answer", () => {
  it("is HTTP 200 with the logical status in the envelope", async () => {
    const created = await member.post("/api/posts", { content: "글" });
    expect(created.status).toBe(200);
    expect(created.body).toMatchObject({
      status: 201,
      result: "SUCCESS",
      data: { content: "글", title: null },
    });
    const unliked = await member.post(`/api/posts/${created.body.data.id}/like`);
    expect(unliked.body).toEqual({ status: 200, result: "SUCCESS", data: true });
  });

  it("has the request's id, or one of its own", async () => {
    const given = await client.with({ "x-request-id": "abc-123" }).get("/api/nothing");
    expect(given.headers.get("x-request-id")).toBe("abc-123");
    expect(given.body.requestId).toBe("abc-123");
    const forged = await client.with({ "x-request-id": "bad id" }).get("/api/nothing");
    expect(forged.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const good = await member.get("/api/members");
    expect(good.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("has security headers", async () => {
    const { headers } = await member.get("/api/members");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-powered-by")).toBeNull();
  });
});

describe("a request", () => {
  it.each([
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "text/plain; charset=ISO-8859-1",
    "application/json; charset=euc-kr",
    "nonsense",
    "",
  ])("with the content type %o has its JSON read", async (type) => {
    const answer = await member.with({ "content-type": type }).post("/api/posts", { content: `as ${type}` });
    expect(answer.body.data?.content).toBe(`as ${type}`);
  });

  it("may name JSON without having a body", async () => {
    const json = member.with({ "content-type": "application/json" });
    expect((await json.get("/api/members")).status).toBe(200);
    const { body } = await member.post("/api/posts", { content: "x" });
    expect((await json.post(`/api/posts/${body.data.id}/like`)).status).toBe(200);
    expect((await json.delete(`/api/posts/${body.data.id}/like`)).status).toBe(200);
  });

  it("may end with a slash", async () => {
    expect((await member.get("/api/members/")).body).toEqual((await member.get("/api/members")).body);
    expect((await member.get("/api/timeline/posts/most-popular/?size=1")).status).toBe(200);
  });

  it("finds literal paths before parameters", async () => {
    expect((await member.get("/api/timeline/posts/most-popular")).body.data.content).toBeInstanceOf(Array);
    expect((await member.get("/api/members/summary")).body.data.memberHandle).toBeTypeOf("string");
  });

  it("of HEAD gets the headers of GET", async () => {
    const answer = await member.send("HEAD", "/api/members");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("application/json");
    expect(answer.body).toBe("");
  });

  it("has unknown properties dropped", async () => {
    const { body } = await member.post("/api/posts", {
      content: "x",
      viewCount: 99,
      authorId: 1,
      isDeleted: true,
    });
    expect(body.data).toMatchObject({ viewCount: 0 });
    expect(body.data).not.toHaveProperty("isDeleted");
  });
});

describe("a failure", () => {
  it("at an unknown path is 404 NOT_FOUND", async () => {
    for (const path of ["/api/nothing", "/apix/posts", "/nothing", "/api"]) {
      const { status, body } = await member.get(path);
      expect([path, status, body.code]).toEqual([path, 404, "NOT_FOUND"]);
      expect(body).toMatchObject({ statusCode: 404, resultCode: "FAIL", path });
    }
  });

  it("of the method is 405 with Allow", async () => {
    const answer = await member.put("/api/posts");
    expect([answer.status, answer.body.code]).toEqual([405, "METHOD_NOT_ALLOWED"]);
    expect(answer.headers.get("allow")).toBe("POST");
    expect((await member.send("PATCH", "/api/posts/1")).headers.get("allow")).toBe("DELETE, PUT");
    for (const path of ["/healthcheck/live", "/docs", "/api-docs/json", "/"]) {
      const elsewhere = await client.post(path);
      expect([path, elsewhere.status, elsewhere.headers.get("allow")]).toEqual([path, 405, "GET, HEAD"]);
    }
  });

  it("of OPTIONS runs nothing, whatever method it asks about", async () => {
    const asking = member.with({ "access-control-request-method": "POST" });
    const before = (await member.get("/api/timeline/posts?size=100")).body.data.content.length;
    const answer = await asking.send("OPTIONS", "/api/posts", { content: "sneaked in" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    expect((await member.send("OPTIONS", "/api/members")).status).toBe(405);
    expect((await member.get("/api/timeline/posts?size=100")).body.data.content).toHaveLength(before);
  });

  it.each(['{"content":', "{'a':1}", "nonsense", '"text"', "7", "[", "\u0000"])(
    "of the JSON %o is 400 MALFORMED_JSON",
    async (body) => {
      const answer = await member.send("POST", "/api/posts", body);
      expect([answer.status, answer.body.code]).toEqual([400, "MALFORMED_JSON"]);
    },
  );

  it("of a body that is a list is 400 VALIDATION_ERROR", async () => {
    const answer = await member.send("POST", "/api/posts", "[]");
    expect([answer.status, answer.body.code]).toEqual([400, "VALIDATION_ERROR"]);
  });

  it("of the body's size is 413", async () => {
    const answer = await member.post("/api/posts", { content: "x".repeat(1_100_000) });
    expect([answer.status, answer.body.code]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  });

  it("of the body's encoding is 415", async () => {
    const answer = await member.with({ "content-encoding": "compress" }).post("/api/posts", {});
    expect([answer.status, answer.body.code]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
  });

  it.each(["gzip", "deflate", "br"])("of a body that isn't the %s it says is 400", async (encoding) => {
    const answer = await member.with({ "content-encoding": encoding }).send("POST", "/api/posts", "abc");
    expect([answer.status, answer.body.code]).toEqual([400, "MALFORMED_JSON"]);
  });

  it("of the text's encoding is 400", async () => {
    const answer = await fetch(`${app.url}/api/posts`, {
      method: "POST",
      headers: { authorization: member.authorization },
      body: Buffer.from([...Buffer.from('{"content":"'), 0xff, 0xfe, ...Buffer.from('"}')]),
    });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ code: "MALFORMED_JSON" }),
    ]);
    const half = await member.send("POST", "/api/posts", '{"content":"half \\ud800 a pair"}');
    expect([half.status, half.body.code]).toEqual([400, "VALIDATION_ERROR"]);
  });

  it("of very long lists is small, and no 5xx", async () => {
    for (const [path, code] of [
      ["/api/members/query/in", "MEMBER_IDS_LIMIT_EXCEEDS"],
      ["/api/timeline/posts/query/list", "VALIDATION_ERROR"],
    ] as const) {
      const answer = await member.post(path, { ids: new Array(400_000).fill(0) });
      expect([path, answer.status, answer.body.code]).toEqual([path, 400, code]);
    }
    const many = await member.post("/api/members/query/in", { ids: new Array(1_000).fill(0) });
    expect([many.status, many.body.code]).toEqual([400, "VALIDATION_ERROR"]);
    expect(JSON.stringify(many.body).length).toBeLessThan(10_000);
  });

  it("of bytes that are no request is in the envelope too", async () => {
    for (const [bytes, status] of [
      ["nonsense\r\n\r\n", 400],
      ["GET /api/members HTTP/9.9\r\n\r\n", 400],
      [`GET /api/members HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`, 413],
      ["GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404],
      ["GET /api/members HTTP/1.1\r\nConnection: close\r\n\r\n", 401],
      ["POST /api/posts HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n{", 413],
    ] as const) {
      const text = await rawAnswer(bytes);
      const [head = "", body = ""] = text.split("\r\n\r\n");
      expect([bytes.slice(0, 40), head.split(" ")[1]]).toEqual([bytes.slice(0, 40), String(status)]);
      expect(head.toLowerCase()).toContain("x-request-id: ");
      expect(JSON.parse(body)).toMatchObject({ statusCode: status, resultCode: "FAIL" });
    }
  });

  it("of a path that can't be decoded is no 5xx", async () => {
    expect((await member.get("/api/members/profile/@%E0%A4%A")).status).toBe(404);
  });

  it("speaks Korean, or English when asked", async () => {
    const korean = await client.post("/api/authentication/signup", { email: "x" });
    expect(korean.body.message).toBe("입력값을 확인해 주세요.");
    expect(korean.body.errors).toContainEqual({ field: "email", message: "올바른 이메일 주소가 아닙니다." });
    const english = await client
      .with({ "accept-language": "en" })
      .post("/api/authentication/signup", { email: "x" });
    expect(english.body.message).toBe("Please check the values you entered.");
    expect(english.body.errors).toContainEqual({ field: "email", message: "This is not an e-mail address." });
    expect(english.body.errors).toContainEqual({ field: "handle", message: "This is required." });
  });
});

describe("CORS", () => {
  it("lets a configured origin in, with the headers it may read", async () => {
    const { headers } = await member.with({ origin: "https://app.example.com" }).get("/api/members");
    expect(headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    expect(headers.get("access-control-allow-credentials")).toBe("true");
    for (const name of [
      "Authorization",
      "X-Token-Refresh-Needed",
      "X-Relogin-Required",
      "X-Request-Id",
      "Retry-After",
    ]) {
      expect(headers.get("access-control-expose-headers")).toContain(name);
    }
  });

  it("answers a preflight, also for headers and methods", async () => {
    const answer = await client
      .with({
        origin: "https://app.example.com",
        "access-control-request-method": "PUT",
        "access-control-request-headers": "authorization",
      })
      .send("OPTIONS", "/api/posts/1");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-methods")).toContain("PUT");
    expect(answer.headers.get("access-control-allow-headers")).toBe("authorization");
  });

  it("gives other origins no header", async () => {
    const { headers, status } = await member.with({ origin: "https://evil.example.com" }).get("/api/members");
    expect(status).toBe(200);
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("health", () => {
  it("answers OK to every probe", async () => {
    for (const probe of ["live", "startup", "ready"]) {
      const answer = await client.get(`/healthcheck/${probe}`);
      expect([answer.status, answer.body]).toEqual([200, "OK"]);
    }
  });
});

describe("pages", () => {
  it("has a start page, the documentation and an avatar", async () => {
    expect((await client.get("/")).body).toContain("<h1>dailyfeed</h1>");
    expect((await client.get("/docs")).body).toContain("/api/timeline/posts/most-popular");
    expect((await client.get("/docs.css")).headers.get("content-type")).toContain("text/css");
  });
});

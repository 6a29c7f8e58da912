import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { WebClient } from "./web-client.ts";

const folder = mkdtempSync(join(tmpdir(), "dailyfeed-web-"));
mkdirSync(join(folder, "assets"));
const files = {
  "index.html": "<page>",
  "assets/app-1a2b.js": "code",
  "assets/app-1a2b.js.br": "br",
  "secret.env": "x",
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
afterAll(() => rmSync(folder, { recursive: true }));

const client = new WebClient(folder);
const VISIT = { accept: "text/html,*/*;q=0.8" };

function get(url: string, headers: Record<string, string> = {}, method = "GET") {
  const sent: { status?: number; body?: string; headers: Record<string, string> } = { headers: {} };
  const response = {
    setHeader: (name: string, value: string) => {
      sent.headers[name.toLowerCase()] = value;
    },
    writeHead: (status: number) => {
      sent.status = status;
      return response;
    },
    end: (body?: Buffer) => {
      sent.body = body?.toString();
    },
  };
  const request = { method, url, headers };
  const isOurs = client.answer(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  return isOurs ? sent : undefined;
}

describe("the web client", () => {
  it("answers its page for every address that a person may visit, always asked for anew", () => {
    for (const url of ["/", "/posts/12?x=1", "/@mina/followers", "/no/such/page"]) {
      const answer = get(url, VISIT);
      expect([url, answer?.body, answer?.headers["cache-control"]]).toEqual([url, "<page>", "no-cache"]);
    }
    expect(get("/")?.body).toBe("<page>");
  });

  it("answers files whose name has a hash for good, compressed where that is understood", () => {
    const plain = get("/assets/app-1a2b.js", { "accept-encoding": "gzip, br;q=0" });
    expect([plain?.body, plain?.headers["content-encoding"]]).toEqual(["code", undefined]);
    const small = get("/assets/app-1a2b.js", { "accept-encoding": "gzip, deflate, br" });
    expect([small?.body, small?.headers]).toEqual([
      "br",
      {
        "content-type": "text/javascript; charset=utf-8",
        "content-encoding": "br",
        "cache-control": "public, max-age=31536000, immutable",
        vary: "Accept-Encoding",
        etag: expect.stringMatching(/^"[\w-]{22}"$/),
      },
    ]);
  });

  it("answers 304 to who has it", () => {
    const etag = get("/")?.headers.etag ?? "";
    expect(get("/", { "if-none-match": etag })).toMatchObject({ status: 304, body: undefined });
  });

  it("leaves everything else to the API", () => {
    for (const url of [
      "/api/posts",
      "/api",
      "/docs",
      "/docs.css",
      "/healthcheck/live",
      "/assets/old-0000.js",
      "/api-docs/json",
    ]) {
      expect([url, get(url, VISIT)]).toEqual([url, undefined]);
    }
    expect(get("/posts/1", { accept: "application/json" })).toBeUndefined();
    expect(get("/", VISIT, "POST")).toBeUndefined();
    expect(get("/secret.env")).toBeUndefined();
    expect(get("/../package.json")).toBeUndefined();
  });

  it("that isn't built answers nothing", () => {
    const missing = new WebClient(join(folder, "none"));
    expect(
      missing.answer({ method: "GET", url: "/", headers: {} } as IncomingMessage, {} as ServerResponse),
    ).toBe(false);
  });
});

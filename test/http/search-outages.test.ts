import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SERVICE_NAMES } from "../../config/services.ts";
import { type App, startProcess } from "../support/app.ts";
import { Client, type Session } from "../support/client.ts";
import { emptyStore, type Store } from "../support/service.ts";

/** The search service and its index through restarts, outages and rebuilds, in processes as operators run them. */

/**
 * Milliseconds; ends only what hangs. After a kill -9 Kafka gives a process's partitions away 10 s later, and a mesh
 * starts seven processes anew.
 */
const SOON = { timeout: 60_000 };
const TEST_TIMEOUT = 300_000;
const WITHOUT_SEARCH = SERVICE_NAMES.filter((name) => name !== "search").join(",");

let store: Store;
let app: App;
let session: Session;

beforeEach(async () => {
  store = await emptyStore();
});
afterEach(async () => {
  await app.stop();
  await store.remove();
});

async function start(environment: Record<string, string> = {}): Promise<void> {
  app = await startProcess(store, { LOG_LEVEL: "info", ...environment });
}

async function restart(environment: Record<string, string> = {}): Promise<void> {
  await app.stop();
  await start(environment);
}

async function signUp(): Promise<void> {
  session = await new Client(app.url).join("keeper");
}

const client = () => new Client(app.url).as(session);

async function post(content: string): Promise<number> {
  return (await client().post("/api/posts", { content })).body.data.id;
}

function search(keyword: string) {
  return client().get(`/api/search/posts?size=100&keyword=${encodeURIComponent(keyword)}`);
}

async function found(keyword: string): Promise<number[] | number> {
  const { status, body } = await search(keyword);
  return status === 200 ? body.data.content.map(({ id }: { id: number }) => id) : status;
}

async function posts(count: number, text: string): Promise<number[]> {
  const ids: number[] = [];
  for (let index = 0; index < count; index++) ids.unshift(await post(`${text} ${index}`));
  return ids;
}

/** What the processes say that aren't ready: the one that searches, where there are several. */
async function unready(): Promise<(readonly [status: number, text: string])[]> {
  const told = await Promise.all(
    app.gateways.map(async (url) => {
      const ready = await fetch(`${url}/healthcheck/ready`);
      return [ready.status, await ready.text()] as const;
    }),
  );
  return told.filter(([status]) => status !== 200);
}

/** Runs a script beside the product, or without it. */
async function run(script: string, args: readonly string[] = [], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH: process.env.PATH, ...store.env, LOG_LEVEL: "warn", ...environment },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data) => {
      output += data;
    });
  const [code] = await once(child, "close");
  return { code, output };
}

describe("the index", () => {
  it("is there after a restart, and complete after kill -9 in the middle of writes", {
    timeout: TEST_TIMEOUT,
  }, async () => {
    await start();
    await signUp();
    const ids = await posts(5, "등대");
    await expect.poll(() => found("등대"), SOON).toEqual(ids);
    await restart();
    expect(await found("등대")).toEqual(ids);
    expect(app.output()).not.toContain("built anew");

    const writes = Array.from({ length: 40 }, (_, index) =>
      post(`등대 그리고 ${index}`).catch(() => undefined),
    );
    await Promise.any(writes);
    await app.kill();
    const acknowledged = (await Promise.all(writes)).filter((id) => id !== undefined);
    await start();
    await expect.poll(() => found("등대"), SOON).toEqual(expect.arrayContaining(acknowledged));
  });

  it("is built anew at the start where it is gone", { timeout: TEST_TIMEOUT }, async () => {
    await start();
    await signUp();
    const ids = await posts(3, "돌고래");
    await expect.poll(() => found("돌고래"), SOON).toEqual(ids);
    await app.stop();
    for (const suffix of ["", "-wal", "-shm"])
      rmSync(join(store.env.DATA_DIR ?? "", `search.sqlite${suffix}`), { force: true });
    await start();
    await expect.poll(() => found("돌고래"), SOON).toEqual(ids);
    await expect.poll(() => app.output(), SOON).toContain("built anew");
  });
});

describe("search that is down", () => {
  it("answers 503, and nothing else does; when it is back it catches up", {
    timeout: TEST_TIMEOUT,
  }, async () => {
    // Where the index should be is something else.
    const place = join(store.env.DATA_DIR ?? "", "search.sqlite");
    mkdirSync(place);
    await start();
    await signUp();
    const id = await post("오로라");
    for (const path of [
      "posts?keyword=x",
      "comments?keyword=x",
      `comments/posts/${id}?keyword=x`,
      "members?keyword=x",
    ]) {
      const { status, headers, body } = await client().get(`/api/search/${path}`);
      expect([path, status, body.code]).toEqual([path, 503, "SERVICE_UNAVAILABLE"]);
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
      expect(JSON.stringify(body)).not.toMatch(/sqlite/i);
    }
    expect((await client().get(`/api/search/comments/posts/${id}`)).status).toBe(200);
    expect((await client().get("/api/timeline/posts")).body.data.content[0]).toMatchObject({ id });
    expect((await client().put(`/api/posts/${id}`, { content: "오로라 본 날" })).status).toBe(200);
    await expect
      .poll(async () => (await client().get("/api/member-activities")).body.data.content.length, SOON)
      .toBeGreaterThan(2);
    expect(await unready()).toEqual([[503, expect.stringContaining("search")]]);
    expect((await fetch(`${app.url}/healthcheck/live`)).status).toBe(200);

    rmdirSync(place);
    await expect.poll(() => found("오로라 본"), SOON).toEqual([id]);
    expect(await unready()).toEqual([]);
  });

  it("or that nobody runs, finds what was written meanwhile once it runs", {
    timeout: TEST_TIMEOUT,
  }, async () => {
    await start();
    await signUp();
    const before = await post("은하수 전");
    await expect.poll(() => found("은하수"), SOON).toEqual([before]);
    await restart({ SERVICES: WITHOUT_SEARCH });
    const { status, body } = await search("은하수");
    expect([status, body.code]).toEqual([503, "SERVICE_UNAVAILABLE"]);
    expect((await fetch(`${app.url}/healthcheck/ready`)).status).toBe(200);
    const during = await post("은하수 중");
    await client().delete(`/api/posts/${before}`);
    await restart();
    await expect.poll(() => found("은하수"), SOON).toEqual([during]);
    await expect.poll(async () => (await search("은하수")).body.data.totalElements, SOON).toBe(1);
  });
});

describe("npm run search:reindex", () => {
  it("builds beside the running product, which finds everything all the time", {
    timeout: TEST_TIMEOUT,
  }, async () => {
    await start();
    await signUp();
    const ids = await posts(30, "해바라기");
    await expect.poll(() => found("해바라기"), SOON).toEqual(ids);
    let isOver = false;
    const seen = new Set<string>();
    const looking = (async () => {
      while (!isOver) seen.add(JSON.stringify(await found("해바라기")));
    })();
    const writing = (async () => {
      const written: number[] = [];
      while (!isOver) written.unshift(await post("민들레"));
      return written;
    })();
    const { code, output } = await run("scripts/search-reindex.ts");
    isOver = true;
    await looking;
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(
        /^search:reindex: members 1, posts \d+, comments 0 in [\d.]+ s; the new index serves$/m,
      ),
    ]);
    expect([...seen]).toEqual([JSON.stringify(ids)]);
    const written = await writing;
    await expect
      .poll(async () => (await search("민들레")).body.data.totalElements, SOON)
      .toBe(written.length);
  });

  it("says in one line what is wrong", { timeout: TEST_TIMEOUT }, async () => {
    await start();
    expect(await run("scripts/search-reindex.ts", [], { PORT: "x" })).toEqual({
      code: 1,
      output: expect.stringMatching(/^dailyfeed: PORT is "x": .*\n$/),
    });
  });
});

describe("the job check-search", () => {
  it("finds what came by call while nobody searched", { timeout: TEST_TIMEOUT }, async () => {
    const byCall = { PUBLISH_TYPE: "call" };
    await start(byCall);
    await signUp();
    const ids = await posts(2, "고슴도치");
    await expect.poll(() => found("고슴도치"), SOON).toEqual(ids);
    await restart({ ...byCall, SERVICES: WITHOUT_SEARCH });
    const missed = await post("고슴도치 더");
    await client().delete(`/api/posts/${ids[0]}`);
    await expect
      .poll(async () => (await client().get("/api/member-activities")).body.data.content.length, SOON)
      .toBeGreaterThan(4);
    const { code, output } = await run("scripts/job.ts", ["check-search"], byCall);
    expect(code).toBe(0);
    const report = output.split("\n").find((line) => line.startsWith('{"name":"check-search"')) ?? "{}";
    // Which of both put it right, the comparison or the look that a start takes, is the first one's matter.
    expect(JSON.parse(report).result).toMatchObject({ outcome: "DONE" });
    await restart(byCall);
    expect(await found("고슴도치")).toEqual([missed, ids[1]]);
  });
});

const redis = process.env.TEST_REDIS_URL;
describe.skipIf(!redis)("search in a process of its own, over Redis (TEST_REDIS_URL)", () => {
  it("is asked from any gateway, is built anew there, and stops alone", {
    timeout: TEST_TIMEOUT,
  }, async () => {
    const mesh = { TRANSPORTER: redis ?? "" };
    await start({ ...mesh, SERVICES: WITHOUT_SEARCH, NODE_ID: "others" });
    await signUp();
    expect(await found("두루미")).toBe(503);
    const one = await startProcess(store, { ...mesh, SERVICES: "api,search", NODE_ID: "search" });
    try {
      const ids = await posts(3, "두루미");
      await expect.poll(() => found("두루미"), SOON).toEqual(ids);
      const { body } = await client().get("/api/search/posts?keyword=");
      expect(body).toMatchObject({ code: "VALIDATION_ERROR", errors: [{ field: "keyword" }] });
      expect((await fetch(`${one.url}/healthcheck/ready`)).status).toBe(200);

      const { code, output } = await run("scripts/search-reindex.ts", [], mesh);
      expect([code, output]).toEqual([0, expect.stringContaining("members 1, posts 3, comments 0")]);
      expect(await found("두루미")).toEqual(ids);

      await one.stop();
      await expect.poll(() => found("두루미"), SOON).toBe(503);
      expect((await client().get("/api/timeline/posts")).status).toBe(200);
      expect((await fetch(`${app.url}/healthcheck/ready`)).status).toBe(200);
    } finally {
      await one.kill();
    }
    const alone = await run("scripts/search-reindex.ts", [], mesh);
    expect([alone.code, alone.output]).toEqual([1, expect.stringMatching(/^search:reindex: failed: /)]);
  });
});

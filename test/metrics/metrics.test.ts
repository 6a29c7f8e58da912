import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Application, startApplication } from "../../application.ts";
import { configOrThrow } from "../../config/index.ts";
import { sql } from "../../lib/sql/sql.ts";
import type { DocumentsMembers } from "../../mixins/documents.mixin.ts";
import type { OutboxMembers } from "../../mixins/outbox.mixin.ts";
import type { SqlMembers } from "../../mixins/sql.mixin.ts";
import { TEST_ENVIRONMENT } from "../support/app.ts";
import { emptyStore, type Store } from "../support/service.ts";
import { type Exposition, freePort, scrape } from "./exposition.ts";

/** What is read at a scrape is read once in 10 s. */
const UNTIL_READ_AGAIN = { timeout: 25_000, interval: 500 };

let store: Store;
let app: Application;
let port: number;

/** A node of the product in this process. */
async function start(metricsPort: number, variables: Record<string, string> = {}): Promise<Application> {
  const environment = { ...TEST_ENVIRONMENT, ...store.env, LOG_LEVEL: "fatal", JOBS: "off", ...variables };
  return startApplication(configOrThrow({ ...environment, METRICS_PORT: String(metricsPort) }));
}

beforeAll(async () => {
  store = await emptyStore();
  port = await freePort();
  app = await start(port);
});
afterAll(async () => {
  await app.stop();
  await store.remove();
});

async function post(path: string, body: object, token = ""): Promise<Response> {
  const headers = { Authorization: token };
  return fetch(`${app.url}/api${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

async function member(name: string): Promise<string> {
  const account = { email: `${name}@example.com`, password: "Sunny#day1" };
  await post("/authentication/signup", { ...account, memberName: name, handle: name, displayName: name });
  return (await post("/authentication/login", account)).headers.get("authorization") ?? "";
}

const valueIn = ({ series }: Exposition, key: string) => series.get(key) ?? 0;

function serviceOf<T>(name: string): T {
  return app.broker.services.find((service) => service.name === name) as unknown as T;
}

describe("metrics of a running node", () => {
  it("counts requests by method, route and class, and none by what clients make up", async () => {
    const token = await member("mina");
    const before = await scrape(port);
    await post("/posts", { title: "first", content: "hello" }, token);
    await post("/posts/1/like", {}, token);
    await post("/posts", { title: "first", content: "" }, token);
    await fetch(`${app.url}/api/nowhere/${Math.random()}`);
    const after = await scrape(port);
    const grown = (labels: string) => {
      const key = `dailyfeed_http_request_duration_seconds_count{${labels}}`;
      return valueIn(after, key) - valueIn(before, key);
    };
    expect(grown('method="POST",route="/posts",status="2xx"')).toBe(1);
    expect(grown('method="POST",route="/posts",status="4xx"')).toBe(1);
    expect(grown('method="POST",route="/posts/{id}/like",status="2xx"')).toBe(1);
    expect(grown('method="GET",route="other",status="4xx"')).toBe(1);
    const sum = 'dailyfeed_http_request_duration_seconds_sum{method="POST",route="/posts",status="2xx"}';
    expect(valueIn(after, sum)).toBeGreaterThan(0);
    expect(valueIn(after, sum)).toBeLessThan(30);
  });

  it("counts actions, and tells the caller's faults from ours", async () => {
    const before = await scrape(port);
    const call = (id: number) => app.broker.call("timeline.getPost", { id }, { meta: { memberId: 1 } });
    await call(1);
    await expect(call(999)).rejects.toThrow();
    await expect(
      app.broker.call("activity.replayTopic", { date: "20200101", family: "none" }),
    ).rejects.toThrow();
    const after = await scrape(port);
    const grown = (key: string) => valueIn(after, key) - valueIn(before, key);
    expect(grown('dailyfeed_action_duration_seconds_count{action="timeline.getPost"}')).toBe(2);
    expect(grown('dailyfeed_action_errors_total{action="timeline.getPost",kind="refused"}')).toBe(1);
    expect(grown('dailyfeed_action_errors_total{action="activity.replayTopic",kind="failed"}')).toBe(1);
    expect([...after.series.keys()].filter((key) => key.includes('"$node'))).toEqual([]);
  });

  it("shows the breakers as numbers and as a page", async () => {
    const { series } = await scrape(port);
    expect(series.get('dailyfeed_breaker_state{service="timeline"}')).toBe(0);
    const page = await fetch(`http://127.0.0.1:${port}/breakers`);
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const text = await page.text();
    expect(text).toMatch(/<td>timeline<\/td><td class="closed">/);
    expect(text).toMatch(/<td>auth\.hashing<\/td><td class="number">0<\/td>/);
    expect(series.get('dailyfeed_bulkhead_running_calls{bulkhead="auth.hashing"}')).toBe(0);
    expect(series.get('dailyfeed_bulkhead_waiting_calls{bulkhead="auth.hashing"}')).toBe(0);
  });

  it("follows events from the outbox to their consumers", async () => {
    const token = await member("joon");
    const before = await scrape(port);
    await post("/posts", { title: "second", content: "hello" }, token);
    const read = async () => {
      const now = await scrape(port);
      return [
        valueIn(now, "dailyfeed_events_published_total") -
          valueIn(before, "dailyfeed_events_published_total") >
          0,
        valueIn(now, 'dailyfeed_events_consumed_total{group="activity"}') >
          valueIn(before, 'dailyfeed_events_consumed_total{group="activity"}'),
        now.series.get("dailyfeed_outbox_waiting_events"),
        now.series.get("dailyfeed_outbox_oldest_age_seconds"),
        now.series.get('dailyfeed_consumer_lag_events{family="member-activity",group="activity"}'),
      ];
    };
    await expect.poll(read, UNTIL_READ_AGAIN).toEqual([true, true, 0, 0, 0]);

    // The same event once more, as a broker may deliver it.
    const message = {
      key: "member_activity:kafka_event:LIKE_POST###1###1",
      value: JSON.stringify({
        eventId: "7b5f3a0e-3c4d-4e5f-8a9b-0c1d2e3f4a5b",
        ...{ memberId: 1, postId: 1, commentId: null, memberActivityType: "LIKE_POST" },
        ...{ createdAt: new Date().toISOString(), updatedAt: new Date().toISOString() },
      }),
    };
    await app.broker.call("activity.applyEvents", { messages: [message] });
    await app.broker.call("activity.applyEvents", { messages: [message] });
    const repeated = 'dailyfeed_events_duplicate_total{group="activity"}';
    expect(valueIn(await scrape(port), repeated) - valueIn(before, repeated)).toBe(1);
  });

  it("shows what waits and what was given up", async () => {
    const { outboxPublisher } = serviceOf<OutboxMembers>("content");
    const { deadLetters } = serviceOf<DocumentsMembers>("batch");
    const letter = { consumer: "activity", messageKey: null, topic: null, error: null, attempts: 1 };
    await deadLetters.add([
      {
        ...letter,
        side: "LISTENER",
        eventId: null,
        payload: "{",
        category: "NOT_JSON",
        reason: "no",
        at: 1,
        source: "a",
      },
    ]);
    const at = Date.now() - 60_000;
    const { database } = serviceOf<SqlMembers>("content");
    // Of a partition that nobody sends.
    await database.insert(
      sql`INSERT INTO event_outbox (event_id, family, partition_no, message_key, type, payload, created_at)
          VALUES ('e-1', 'member-activity', 99, 'k', 'LIKE_POST', '{}', ${at})`,
    );
    // What was read in the tests before is told a second later.
    await expect
      .poll(() => outboxPublisher.backlog(), { timeout: 20_000 })
      .toEqual({ waiting: 1, oldestAt: at });
    const read = async () => {
      const { series } = await scrape(port);
      return [
        series.get("dailyfeed_outbox_waiting_events"),
        Math.trunc((series.get("dailyfeed_outbox_oldest_age_seconds") ?? 0) / 60),
        series.get('dailyfeed_dead_letters_open{category="NOT_JSON",side="LISTENER"}'),
      ];
    };
    await expect.poll(read, UNTIL_READ_AGAIN).toEqual([1, 1, 1]);
  });

  it("counts jobs by outcome, and the rotations of the key, whose age begins anew", async () => {
    const before = await scrape(port);
    const startedAt = Date.now() / 1_000;
    await app.broker.call("batch.runJob", { name: "clean-expired" });
    await app.broker.call("auth.rotateKeys", { force: true });
    const after = await scrape(port);
    const grown = (key: string) => valueIn(after, key) - valueIn(before, key);
    expect(grown('dailyfeed_job_runs_total{job="clean-expired",outcome="done"}')).toBe(1);
    expect(grown('dailyfeed_job_duration_seconds_count{job="clean-expired"}')).toBe(1);
    const last = valueIn(after, 'dailyfeed_job_last_success_timestamp_seconds{job="clean-expired"}');
    expect(last).toBeGreaterThanOrEqual(startedAt - 0.1);
    expect(last).toBeLessThanOrEqual(Date.now() / 1_000);
    expect(grown("dailyfeed_signing_key_rotations_total")).toBe(1);
    expect(after.series.get("dailyfeed_signing_key_age_seconds")).toBeGreaterThanOrEqual(0);
  });

  it("tells about the process, and the pool where there is one", async () => {
    const { series } = await scrape(port);
    expect(series.get("process_resident_memory_bytes")).toBeGreaterThan(10_000_000);
    const inUse = series.get('dailyfeed_sql_pool_connections{state="in_use"}');
    if (process.env.TEST_DATABASE_URL) expect(inUse).toBeGreaterThanOrEqual(0);
    else expect(inUse).toBeUndefined();
  });

  it("answers nothing but /metrics", async () => {
    const statusOf = async (path: string, method = "GET") =>
      (await fetch(`http://127.0.0.1:${port}${path}`, { method })).status;
    expect(await statusOf("/metrics?x=1")).toBe(200);
    expect(await statusOf("/metrics", "HEAD")).toBe(200);
    expect(await statusOf("/")).toBe(404);
    expect(await statusOf("/metrics/all")).toBe(404);
    expect(await statusOf("/metrics", "POST")).toBe(404);
  });

  it("is listed in the README: names, types, labels and meanings", async () => {
    const { help, types } = await scrape(port);
    const ours = [...help]
      .filter(([name]) => name.startsWith("dailyfeed_"))
      .map(([name, meaning]) => [name, types.get(name), meaning]);
    const rows = readFileSync("README.md", "utf8").matchAll(
      /^\| `(dailyfeed_\w+)` \| (\w+) \| .*? \| (.*) \|$/gm,
    );
    expect([...rows].map(([, ...row]) => row)).toEqual(ours);
  });
});

describe("two nodes in one process", () => {
  it("don't clash, and the second goes without the first", async () => {
    const otherPort = await freePort();
    const other = await start(otherPort, { NODE_ID: "other", SERVICES: "content" });
    expect((await scrape(otherPort)).series.size).toBeGreaterThan(20);
    await expect(start(otherPort, { NODE_ID: "third" })).rejects.toThrow(
      `METRICS_PORT is ${otherPort}: can't listen there (EADDRINUSE)`,
    );
    expect((await scrape(port)).series.size).toBeGreaterThan(20);
    await other.stop();
    await expect(scrape(otherPort)).rejects.toThrow();
    expect((await scrape(port)).series.get("process_start_time_seconds")).toBeGreaterThan(0);
  });
});

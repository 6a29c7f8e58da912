import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type App, startProcess } from "../support/app.ts";
import { Client, type Session } from "../support/client.ts";
import { emptyStore, type Store } from "../support/service.ts";

/** Needs a server with a replica that follows it: TEST_DATABASE_URL, TEST_DATABASE_READ_URL and TEST_REDIS_URL. */
const { TEST_DATABASE_READ_URL: replicaServer, TEST_DATABASE_URL, TEST_REDIS_URL } = process.env;
const isConfigured = Boolean(replicaServer && TEST_DATABASE_URL && TEST_REDIS_URL);
if (!isConfigured) console.log("No TEST_DATABASE_READ_URL: reading from a replica is not tested");

/** A write and two reads fit in, also on a busy machine; yet readers soon read the replica, this and 2 s after Redis' connect. */
const LAG_LIMIT = "5s";
const WAIT = { timeout: 30_000, interval: 100 };

describe.skipIf(!isConfigured)("reading from a replica", () => {
  let store: Store;
  let app: App;
  let replica: ReplicaUnderTest;
  let writer: Client;
  let other: Client;
  let writerSession: Session;

  const variables = (more: Record<string, string> = {}) => ({
    DATABASE_READ_URL: replica.url,
    DATABASE_READ_LAG: LAG_LIMIT,
    ...more,
  });

  beforeAll(async () => {
    store = await emptyStore();
    replica = await ReplicaUnderTest.connect(new URL(String(store.env.DATABASE_URL)).pathname);
    app = await startProcess(store, variables());
    const client = new Client(app.url);
    [writerSession, writer] = await join(client);
    [, other] = await join(client);
    await waitUntilRead(app);
  });
  afterAll(async () => {
    await replica.close();
    await app.stop();
    await store.remove();
  });

  it("shows a writer the own write at once, others when the replica has it", async () => {
    await replica.waitUntilReadBy(other, writer);
    await replica.behind(async () => {
      const post = await postOf(writer);
      expect(await sees(writer, post)).toBe(true);
      expect(await sees(other, post)).toBe(false);
    });
    const post = await postOf(writer);
    await expect.poll(() => sees(other, post), WAIT).toBe(true);
  });

  it("remembers a writer over processes", async () => {
    const second = await startProcess(store, variables({ SERVICES: "api,timeline" }));
    await replica.waitUntilReadBy(other.at(second.url), writer);
    await replica.behind(async () => {
      const post = await postOf(writer);
      expect(await sees(writer.at(second.url), post)).toBe(true);
      expect(await sees(other.at(second.url), post)).toBe(false);
    });
    await second.stop();
  });

  it("lets everybody read the primary while the replica is further behind than it may be", async () => {
    await replica.behind(async () => {
      const post = await postOf(writer);
      await expect.poll(() => sees(other, post), WAIT).toBe(true);
      expect(await readiness(app)).toBe("OK (degraded: replica)");
    });
    await expect.poll(() => readiness(app), WAIT).toBe("OK");
  });

  it("lets everybody read the primary while Redis is away", async () => {
    const alone = await startProcess(store, variables({ REDIS_URL: "redis://127.0.0.1:1" }));
    await expect.poll(() => alone.url && readiness(alone), WAIT).toBe("OK (degraded: redis)");
    await replica.behind(async () => {
      const post = await postOf(writer.at(alone.url));
      expect(await sees(other.at(alone.url), post)).toBe(true);
    });
    await alone.stop();
  });

  it("does without a replica that is away", async () => {
    const alone = await startProcess(
      store,
      variables({ DATABASE_READ_URL: "mysql://app:app@127.0.0.1:1/app" }),
    );
    const post = await postOf(writer.at(alone.url));
    expect(await sees(other.at(alone.url), post)).toBe(true);
    expect(await readiness(alone)).toBe("OK (degraded: replica)");
    await alone.stop();
  });

  it("finds posts by their ids on the primary: events are faster than the replica", async () => {
    await replica.behind(async () => {
      const post = await postOf(writer);
      const { body } = await other.post("/api/timeline/posts/query/list", { ids: [post] });
      expect(body.data.map(({ id }: { id: number }) => id)).toEqual([post]);
    });
    expect(writerSession.memberId).toBeGreaterThan(0);
  });
});

async function join(client: Client): Promise<[Session, Client]> {
  const session = await client.join();
  return [session, client.as(session)];
}

async function postOf(client: Client): Promise<number> {
  const { body } = await client.post("/api/posts", { content: "Just now" });
  return body.data.id;
}

async function sees(client: Client, post: number): Promise<boolean> {
  const { status } = await client.get(`/api/timeline/posts/${post}`);
  if (status !== 200 && status !== 404) throw new Error(`answered ${status}`);
  return status === 200;
}

async function readiness({ url }: App): Promise<string> {
  return (await fetch(`${url}/healthcheck/ready`)).text();
}

async function waitUntilRead(app: App): Promise<void> {
  await vi.waitUntil(async () => (await readiness(app)) === "OK", WAIT);
}

/** The replica of the server under test, which can be kept behind for a while. */
class ReplicaUnderTest {
  readonly url: string;
  readonly #connection: Connection;

  private constructor(url: string, connection: Connection) {
    this.url = url;
    this.#connection = connection;
  }

  static async connect(databasePath: string): Promise<ReplicaUnderTest> {
    const url = new URL(String(replicaServer));
    url.pathname = databasePath;
    // The new database has to arrive there first.
    const connection = await vi.waitFor(() => createConnection(url.href), WAIT);
    return new ReplicaUnderTest(url.href, connection);
  }

  /** Posts written meanwhile don't get there: what applies them waits for the lock. */
  async behind(work: () => Promise<void>): Promise<void> {
    await this.#connection.query("LOCK TABLES posts READ");
    try {
      await work();
    } finally {
      await this.#connection.query("UNLOCK TABLES");
    }
  }

  /** Waits until this reader, who hasn't written lately, is shown what the replica has. */
  async waitUntilReadBy(reader: Client, writer: Client): Promise<void> {
    const isReadFrom = async () => {
      let isOld = false;
      await this.behind(async () => {
        isOld = !(await sees(reader, await postOf(writer)));
      });
      return isOld;
    };
    await vi.waitUntil(isReadFrom, WAIT);
  }

  async close(): Promise<void> {
    await this.#connection.end();
  }
}

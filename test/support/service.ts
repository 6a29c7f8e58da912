import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServiceBroker, type ServiceSchema } from "moleculer";
import { type Config, configOrThrow } from "../../config/index.ts";
import type { Database } from "../../lib/sql/database.ts";
import { leaseDatabase } from "../../lib/sql/shared-database.ts";
import type { OutboxMembers } from "../../mixins/outbox.mixin.ts";
import { brokerOptions } from "../../moleculer.config.ts";

export interface ServiceUnderTest {
  readonly broker: ServiceBroker;
  readonly database: Database;
  readonly config: Config;
  /** Calls an action as a member. */
  call<T>(action: string, params: object, memberId?: number): Promise<T>;
  stop(): Promise<void>;
}

interface EventFollower {
  readonly eventSubscription: Promise<{ stop(): Promise<void> } | undefined>;
}

/** Writes down who read what, a second later. */
interface ReadTeller {
  readonly readEvents: { stop(): Promise<void> };
}

type Factory = (config: Config) => ServiceSchema;

interface Options {
  /** `off` (default): nobody sends or takes events, so that tests see an action's own statements. */
  readonly publishing?: "on" | "off";
  /** Connects it with other brokers of this process: those of its namespace. */
  readonly transporter?: "Fake";
}

/**
 * Runs services in this process, without a gateway, on an empty embedded store,
 * or on a new database of the server that TEST_DATABASE_URL names.
 */
export async function startServices(...given: [...(Options | Factory)[]]): Promise<ServiceUnderTest> {
  const options: Options = given.find((item) => typeof item === "object") ?? {};
  const factories = given.filter((item) => typeof item === "function");
  const store = await emptyStore();
  const config = configOrThrow({ ...store.env, METRICS_PORT: "0", JOBS: "off", CALL_PATIENCE: "10" });
  const lease = leaseDatabase(config.database);
  await lease.ready();
  const { transporter } = options;
  const broker = new ServiceBroker({ ...brokerOptions(config), logger: false, transporter });
  for (const factory of factories) broker.createService(factory(config));
  await broker.start();
  if (options.publishing !== "on") {
    for (const service of broker.services) {
      const { outboxPublisher, eventSubscription, readEvents } = service as Partial<
        OutboxMembers & EventFollower & ReadTeller
      >;
      await outboxPublisher?.stop();
      await readEvents?.stop();
      await (await eventSubscription)?.stop();
    }
  }
  return {
    broker,
    database: lease.database,
    config,
    // Async, since a refusal of the params is thrown before there is a promise.
    call: async (action, params, memberId) => broker.call(action, params, { meta: { memberId } }),
    stop: async () => {
      await broker.stop();
      await lease.release();
      await store.remove();
    },
  };
}

export interface Store {
  /** The variables that choose it. */
  readonly env: Record<string, string>;
  remove(): Promise<void>;
}

let databases = 0;

/** A place for data that nobody else uses. */
export async function emptyStore(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), "dailyfeed-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  const server = process.env.TEST_DATABASE_URL;
  const namespace = `test-${process.pid}-${Date.now().toString(36)}-${databases++}`;
  const env: Record<string, string> = { DATA_DIR: folder, NAMESPACE: namespace };
  if (process.env.TEST_REDIS_URL) env.REDIS_URL = process.env.TEST_REDIS_URL;
  const mongo = emptyMongo(namespace);
  if (mongo) env.MONGO_URL = mongo.url;
  if (!server) {
    return {
      env,
      remove: async () => {
        await mongo?.remove();
        removeFolder();
      },
    };
  }

  const name = `app_${namespace.replaceAll("-", "_")}`;
  const { createConnection } = await import("mysql2/promise");
  const admin = async (statement: string) => {
    const connection = await createConnection(server);
    await connection.query(statement);
    await connection.end();
  };
  await admin(`CREATE DATABASE \`${name}\``);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    env: { ...env, DATABASE_URL: url.href },
    remove: async () => {
      await admin(`DROP DATABASE \`${name}\``);
      await mongo?.remove();
      removeFolder();
    },
  };
}

/** A database of its own on the server that TEST_MONGO_URL names. */
export function emptyMongo(name: string): { readonly url: string; remove(): Promise<void> } | undefined {
  const server = process.env.TEST_MONGO_URL;
  if (!server) return undefined;
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    remove: async () => {
      const { MongoClient } = await import("mongodb");
      const client = new MongoClient(server);
      await client.db(name).dropDatabase();
      await client.close();
    },
  };
}

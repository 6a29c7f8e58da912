import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { Evidence } from "./evidence.ts";
import { NodeProcess } from "./node-process.ts";
import { freePort, type RealServers } from "./real-servers.ts";

/** What a process of the publishing side runs, and one of the consuming side. */
export const PUBLISHING = "api,auth,member,content,timeline";
export const CONSUMING = "activity";

/** A mesh of its own on the servers: a database, a namespace, and processes that come and go. */
export class Mesh {
  readonly evidence: Evidence;
  readonly environment: Readonly<Record<string, string>>;
  readonly #nodes = new Set<NodeProcess>();
  readonly #dataDir: string;
  #started = 0;

  private constructor(servers: RealServers, databaseUrl: string, namespace: string) {
    this.evidence = new Evidence(servers, databaseUrl, namespace);
    this.#dataDir = join(tmpdir(), `dailyfeed-${namespace}-${process.pid}`);
    this.environment = {
      NAMESPACE: namespace,
      DATABASE_URL: databaseUrl,
      DATABASE_READ_URL: "",
      REDIS_URL: servers.redisUrl,
      KAFKA_BROKERS: servers.kafkaBrokers,
      MONGO_URL: servers.mongoUrl,
      TRANSPORTER: servers.redisUrl,
      TYPESENSE_URL: "",
      HOST: "127.0.0.1",
      DATA_DIR: this.#dataDir,
      PUBLISH_TYPE: "kafka",
      OUTBOX_KEEP: "24h",
      JOBS: "off",
      PORT: "0",
      METRICS_PORT: "0",
      DRAIN_DELAY: "0s",
      RATE_LIMIT: "0",
      RATE_LIMIT_LOGIN: "0",
      RATE_LIMIT_SIGNUP: "0",
      RATE_LIMIT_REFRESH: "0",
      LOG_LEVEL: "warn",
      LOG_FORMAT: "text",
    };
  }

  static async create(servers: RealServers, name: string): Promise<Mesh> {
    const url = new URL(servers.databaseUrl);
    // Begins with the given database's name: the user has rights on those.
    const database = `${url.pathname.slice(1)}_${name}`;
    const admin = await createConnection(servers.databaseUrl);
    await admin.query(`CREATE DATABASE \`${database}\``);
    await admin.end();
    url.pathname = `/${database}`;
    return new Mesh(servers, url.href, `verify-${name}`);
  }

  /** Starts a process of some services; one with `port` answers there. */
  async start(services: string, variables: Readonly<Record<string, string>> = {}): Promise<NodeProcess> {
    const id = `${services.includes("api") ? "publisher" : "consumer"}-${++this.#started}`;
    const environment = { ...this.environment, SERVICES: services, ...variables };
    const node = await NodeProcess.startOrThrow(id, environment);
    this.#nodes.add(node);
    return node;
  }

  /** Stops what still runs, in order. */
  async stopOrThrow(): Promise<void> {
    await Promise.all(
      [...this.#nodes].filter(({ isRunning }) => isRunning).map((node) => node.stopOrThrow()),
    );
  }

  /** Ends everything. */
  async remove(): Promise<void> {
    await Promise.all([...this.#nodes].map((node) => node.kill()));
    await this.evidence.close();
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

/** A place for a gateway that keeps its address over restarts. */
export async function gatewayPlace(): Promise<{ url: string; variables: Readonly<Record<string, string>> }> {
  const port = await freePort();
  return { url: `http://127.0.0.1:${port}`, variables: { PORT: String(port) } };
}

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { childEnvironment } from "../../../config/child-environment.ts";
import { loadConfigOrThrow } from "../../../config/index.ts";
import type { PoolPeaks, ProductMessage } from "./product-process.ts";

export interface BenchProduct {
  readonly url: string;
  /** Of its process. */
  readonly pid: number;
  readonly store: string;
  /** Since the last question; null without a pool. */
  poolPeaks(): Promise<PoolPeaks | null>;
  remove(): Promise<void>;
}

/** The product on an empty store: a database of its own on DATABASE_URL's server, else embedded. */
export async function startBenchProduct(): Promise<BenchProduct> {
  const folder = mkdtempSync(join(tmpdir(), "bench-images-"));
  const { database } = loadConfigOrThrow();
  const server = database.kind === "mysql" ? new URL(database.url) : undefined;
  const admin = server && (await createConnection(server.href));
  const name = server ? `${server.pathname.slice(1)}_images_${process.pid}` : "";
  await admin?.query(`CREATE DATABASE \`${name}\``);
  const url = server && Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const child = fork(new URL("product-process.ts", import.meta.url), {
    execArgv: ["--max-semi-space-size=8"],
    env: childEnvironment({
      DATABASE_URL: url ?? "",
      DATA_DIR: folder,
      ...Object.fromEntries(
        ["DATABASE_READ_URL", "REDIS_URL", "MONGO_URL", "KAFKA_BROKERS", "TYPESENSE_URL", "IMAGE_ROOT"].map(
          (other) => [other, ""],
        ),
      ),
      ...Object.fromEntries(["", "_LOGIN", "_SIGNUP", "_REFRESH"].map((kind) => [`RATE_LIMIT${kind}`, "0"])),
      ...{ SERVICES: "", TRANSPORTER: "", PORT: "0", METRICS_PORT: "0", LOG_LEVEL: "error", JOBS: "off" },
    }),
  });
  const { url: address = "" } = await answerOf(child);
  return {
    url: address,
    pid: child.pid ?? 0,
    store: server ? `database at ${server.host}` : "embedded SQLite",
    poolPeaks: async () => {
      child.send("pool");
      return (await answerOf(child)).pool ?? null;
    },
    remove: async () => {
      child.disconnect();
      await once(child, "exit");
      await admin?.query(`DROP DATABASE \`${name}\``);
      await admin?.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answerOf(child: ChildProcess): Promise<ProductMessage> {
  const ended = new AbortController();
  const failed = once(child, "exit", ended).then(() => {
    throw new Error("the product ended");
  });
  const [message] = (await Promise.race([once(child, "message", ended), failed])) as [ProductMessage];
  failed.catch(() => undefined);
  ended.abort();
  return message;
}

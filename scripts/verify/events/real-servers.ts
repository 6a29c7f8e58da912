import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { childEnvironment } from "../../../config/child-environment.ts";
import { killNodes } from "./node-process.ts";

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL("../../servers.sh", import.meta.url));
/** Below the ports that the system gives to outgoing connections. */
const [LOWEST_PORT, HIGHEST_PORT] = [20_000, 32_000];

export type BrokerName = "kafka" | "kafka2" | "kafka3";
export type ServerName = "db" | "redis" | "mongo" | BrokerName;

/** Real servers of our own, which may be stopped and lose their data. */
export interface RealServers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly kafkaBrokers: string;
  readonly mongoUrl: string;
  /** Resolves when it is done: a started server is ready, a stopped one is gone. */
  control(command: "stop" | "start", server: ServerName): Promise<void>;
  pidOf(server: ServerName): Promise<number>;
  /** At once: the script's own commands take a part of a second, which some moments don't last. */
  signal(signal: "SIGSTOP" | "SIGCONT" | "SIGKILL", server: ServerName): Promise<void>;
  /** Stops all and removes their data. */
  remove(): Promise<void>;
}

/**
 * Starts MariaDB, Redis, Kafka (one broker, or three) and a MongoDB on free ports, with their data in a new folder.
 * A process that is told to end before they are removed ends its nodes and removes them.
 * @throws Error with what the script said
 */
export async function startServersOrThrow(brokers: readonly BrokerName[] = ["kafka"]): Promise<RealServers> {
  const folder = await mkdtemp(join(tmpdir(), "dailyfeed-servers-"));
  const [db, redis, kafka, mongo] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const env = childEnvironment({
    SERVERS_DIR: folder,
    DB_PORT: String(db),
    REDIS_PORT: String(redis),
    KAFKA_PORT: String(kafka),
    MONGO_PORT: String(mongo),
  });
  const script = (...args: readonly string[]) => run("bash", [SCRIPT, ...args], { env });
  let removal: Promise<void> | undefined;
  const remove = (): Promise<void> => {
    removal ??= script("down").then(() => rm(folder, { recursive: true, force: true }));
    return removal;
  };
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      killNodes();
      void remove().finally(() => process.exit(130));
    });
  }
  try {
    const { stdout } = await script("up", "db", "redis", "mongo", ...brokers);
    const addresses = new Map(stdout.split("\n").map((line) => [line.split("=", 1)[0], valueIn(line)]));
    const pidOf = async (server: ServerName) =>
      Number((await readFile(join(folder, server, "pid"), "utf8")).split(" ")[0]);
    const addressOf = (name: string): string => addresses.get(name) ?? "";
    return {
      databaseUrl: addressOf("DATABASE_URL"),
      redisUrl: addressOf("REDIS_URL"),
      kafkaBrokers: addressOf("KAFKA_BROKERS"),
      mongoUrl: addressOf("MONGO_URL"),
      control: async (command, server) => {
        await script(command, server);
      },
      pidOf,
      signal: async (signal, server) => {
        process.kill(await pidOf(server), signal);
      },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

function valueIn(line: string): string {
  return line.slice(line.indexOf("=") + 1);
}

const given = new Set<number>();

/** A port that is free on the loopback, as are the next three, which some servers take too. No two calls get the same. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST_PORT + 4 * Math.floor((Math.random() * (HIGHEST_PORT - LOWEST_PORT)) / 4);
    if (given.has(port)) continue;
    given.add(port);
    const free = await Promise.all([0, 1, 2, 3].map((offset) => isFree(port + offset)));
    if (free.every(Boolean)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

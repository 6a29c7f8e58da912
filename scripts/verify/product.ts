import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { childEnvironment } from "../../config/child-environment.ts";

export interface Product {
  readonly url: string;
  stop(): Promise<void>;
  /** kill -9. Its data stay. */
  kill(): Promise<void>;
}

/** An empty variable counts as not set: the import must never go into a store that the environment names. */
export const EMBEDDED = Object.fromEntries(
  [
    "SERVICES",
    "NAMESPACE",
    "TRANSPORTER",
    "DATABASE_URL",
    "DATABASE_READ_URL",
    "MONGO_URL",
    "REDIS_URL",
    "KAFKA_BROKERS",
    "TYPESENSE_URL",
    "TYPESENSE_API_KEY",
    "IMAGE_ROOT",
  ].map((name) => [name, ""]),
);
const START_DEADLINE_MS = 60_000;
const POLL_MS = 50;

/**
 * Starts `npm start` on embedded stores in `dataDir`, on a free port and without rate limits, and waits until it is ready.
 * @throws Error with what it printed when it ends or is not ready in a minute
 */
export async function startProductOrThrow(dataDir: string): Promise<Product> {
  // A group of its own: npm, its shell and the product are stopped together.
  const child = spawn("npm", ["start"], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: childEnvironment({
      ...EMBEDDED,
      DATA_DIR: dataDir,
      PORT: "0",
      METRICS_PORT: "0",
      RATE_LIMIT: "0",
      RATE_LIMIT_LOGIN: "0",
      RATE_LIMIT_SIGNUP: "0",
      RATE_LIMIT_REFRESH: "0",
      LOG_LEVEL: "warn",
      LOG_FORMAT: "text",
    }),
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-20_000);
    });
  }
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    signalGroup(child, "SIGTERM");
    await exited;
  };
  const kill = async (): Promise<void> => {
    signalGroup(child, "SIGKILL");
    await exited;
  };
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const url = /^\s*api\s+(\S+)\/api$/m.exec(output)?.[1];
    if (url !== undefined && (await isReady(url))) return { url, stop, kill };
    await sleep(POLL_MS);
  }
  await stop();
  throw new Error(`the product did not get ready; it printed:\n${output}`);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, signal);
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthcheck/ready`)).ok;
  } catch {
    return false;
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type BrokerOptions, ServiceBroker } from "moleculer";
import { vi } from "vitest";
import { SERVICE_NAMES } from "../../config/services.ts";
import { emptyStore, type Store } from "./service.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
/** Milliseconds; ends only what hangs: machines that test may be busy ones. */
const START_TIMEOUT = 180_000;

/** A node of the product in its own process, as `npm start` runs it. */
export interface App {
  readonly url: string;
  /** Of all its processes; the one above is among them. */
  readonly gateways: readonly string[];
  readonly process: ChildProcess;
  /** What it printed so far. */
  output(): string;
  /** SIGTERM, and wait for the end; answers the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, and wait for the end. Its data stay. */
  kill(): Promise<void>;
}

/** Limits off, no fixed ports and no hurry: what tests want unless they say otherwise. */
export const TEST_ENVIRONMENT = {
  PORT: "0",
  METRICS_PORT: "0",
  DRAIN_DELAY: "0s",
  RATE_LIMIT: "0",
  RATE_LIMIT_LOGIN: "0",
  RATE_LIMIT_SIGNUP: "0",
  RATE_LIMIT_REFRESH: "0",
  CALL_PATIENCE: "10",
  LOG_LEVEL: "warn",
  LOG_FORMAT: "json",
} as const;

/**
 * Starts the product on a store that exists; several may share one. It is one process, or with TEST_MESH one for each
 * group of services, connected by the Redis of TEST_REDIS_URL; then TEST_MESH names the group whose gateway is asked.
 */
export async function startProcess(store: Store, environment: Record<string, string> = {}): Promise<App> {
  const { TEST_MESH: asked, TEST_REDIS_URL: redis } = process.env;
  if (!asked || environment.SERVICES !== undefined) return startNode(store, environment);
  if (!redis) throw new Error("TEST_MESH needs TEST_REDIS_URL");
  return startMesh(store, { TRANSPORTER: redis, REDIS_URL: redis, ...environment }, asked);
}

const GROUPS = ["auth,member", "content", "timeline", "activity", "search", "image", "batch"];

async function startMesh(store: Store, environment: Record<string, string>, asked: string): Promise<App> {
  const index = GROUPS.findIndex((services) => services.split(",").includes(asked));
  const apps = await Promise.all(
    GROUPS.map((services) => startNode(store, { ...environment, SERVICES: `api,${services}` })),
  );
  const gateway = apps[index];
  if (!gateway) throw new Error(`TEST_MESH is ${asked}: expected one of ${GROUPS.join(",")}`);
  await allKnowEachOther({ ...store.env, ...environment });
  return {
    ...gateway,
    gateways: apps.map(({ url }) => url),
    output: () => apps.map((app) => app.output()).join(""),
    stop: async () => {
      const codes = await Promise.all(apps.map((app) => app.stop()));
      return codes.find((code) => code !== 0) ?? 0;
    },
    kill: async () => {
      await Promise.all(apps.map((app) => app.kill()));
    },
  };
}

/** A node learns of the others a moment after it is ready itself: asks each, as one more node of the mesh. */
async function allKnowEachOther(environment: Record<string, string>): Promise<void> {
  const broker = new ServiceBroker({
    namespace: environment.NAMESPACE ?? "",
    transporter: (environment.TRANSPORTER ?? null) as BrokerOptions["transporter"],
    nodeID: `onlooker-${process.pid}`,
    logger: false,
  });
  await broker.start();
  const knowsAll = async (nodeID: string) => {
    const known = await broker.call<{ name: string }[], object>(
      "$node.services",
      { onlyAvailable: true },
      { nodeID },
    );
    return SERVICE_NAMES.every((name) => known.some((service) => service.name === name));
  };
  await vi.waitUntil(
    async () => {
      const nodes = await broker.call<{ id: string; local: boolean; available: boolean }[], object>(
        "$node.list",
        {},
      );
      const others = nodes.filter(({ local, available }) => !local && available);
      if (others.length < GROUPS.length) return false;
      return (await Promise.all(others.map(({ id }) => knowsAll(id).catch(() => false)))).every(Boolean);
    },
    { timeout: START_TIMEOUT, interval: 50 },
  );
  await broker.stop();
}

async function startNode(store: Store, environment: Record<string, string>): Promise<App> {
  const child = spawn(process.execPath, ["main.ts"], {
    cwd: PROJECT,
    env: { ...cleanEnvironment(), ...TEST_ENVIRONMENT, ...store.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    output += data;
  });
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`${reason}\n${output}`));
    const timer = setTimeout(() => fail("The product did not start in time"), START_TIMEOUT);
    child.once("exit", (code) => fail(`The product ended with ${code} while starting`));
    child.stdout.on("data", () => {
      const address = /^ {2}api\s+(\S+)\/api$/m.exec(output)?.[1];
      if (!address) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, "exit");
    }
    return child.exitCode;
  };
  return {
    url,
    gateways: [url],
    process: child,
    output: () => output,
    stop: () => end("SIGTERM"),
    kill: async () => {
      await end("SIGKILL");
    },
  };
}

/** Starts a process on an empty store, which `stop` removes. */
export async function startApp(environment: Record<string, string> = {}): Promise<App> {
  const store = await emptyStore();
  const app = await startProcess(store, environment);
  return {
    ...app,
    stop: async () => {
      const code = await app.stop();
      await store.remove();
      return code;
    },
  };
}

/** Without the variables of the product that the machine happens to have set. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR };
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { emptyStore, type Store } from "./service.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const START_TIMEOUT = 30_000;

/** A node of the product in its own process, as `npm start` runs it. */
export interface App {
  readonly url: string;
  readonly process: ChildProcess;
  /** What it printed so far. */
  output(): string;
  /** SIGTERM, and wait for the end; answers the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, and wait for the end. Its data stay. */
  kill(): Promise<void>;
}

/** Limits off and no fixed ports: what tests want unless they say otherwise. */
export const TEST_ENVIRONMENT = {
  PORT: "0",
  METRICS_PORT: "0",
  DRAIN_DELAY: "0s",
  RATE_LIMIT: "0",
  RATE_LIMIT_LOGIN: "0",
  RATE_LIMIT_SIGNUP: "0",
  RATE_LIMIT_REFRESH: "0",
  LOG_LEVEL: "warn",
  LOG_FORMAT: "json",
} as const;

/** Starts a process on a store that exists; several may share one. */
export async function startProcess(store: Store, environment: Record<string, string> = {}): Promise<App> {
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

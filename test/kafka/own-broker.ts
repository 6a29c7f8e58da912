import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { childEnvironment } from "../../config/child-environment.ts";

const run = promisify(execFile);

/** The script that starts real servers; TEST_SERVERS_SCRIPT names another one. */
const SCRIPT = process.env.TEST_SERVERS_SCRIPT ?? "scripts/servers.sh";

/** Whether a test may start a broker of its own: where Kafka is tested at all, and the script is there. */
export const canStartBroker = process.env.TEST_KAFKA_BROKERS !== undefined && existsSync(SCRIPT);

/** A broker that a test may stop, kill and freeze. */
export interface OwnBroker {
  readonly address: string;
  control(command: "stop" | "start" | "kill9" | "pause" | "resume"): Promise<void>;
  remove(): Promise<void>;
}

/** Starts a broker with its data in a new folder. */
export async function startBroker(): Promise<OwnBroker> {
  const port = await freePair();
  const folder = mkdtempSync(join(tmpdir(), "dailyfeed-kafka-"));
  const env = childEnvironment({ SERVERS_DIR: folder, KAFKA_PORT: String(port) });
  const script = async (...args: readonly string[]) => {
    await run("bash", [SCRIPT, ...args], { env });
  };
  await script("up", "kafka");
  return {
    address: `127.0.0.1:${port}`,
    control: (command) => script(command, "kafka"),
    remove: async () => {
      await script("down", "kafka");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that is free, as is the next one, below those that the system gives to connections. */
async function freePair(): Promise<number> {
  for (;;) {
    const port = 20_000 + 2 * Math.floor(Math.random() * 5_000);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

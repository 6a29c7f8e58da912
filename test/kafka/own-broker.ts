import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
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

/** Starts a broker at this port (and the next one), with its data in a new folder. */
export async function startBroker(port: number): Promise<OwnBroker> {
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

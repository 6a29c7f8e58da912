import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { childEnvironment } from "../../../config/child-environment.ts";

const run = promisify(execFile);
const PROJECT_FOLDER = fileURLToPath(new URL("../../..", import.meta.url));
const ENGINE = fileURLToPath(new URL("engine.sh", import.meta.url));
/** Of its own: what somebody has in the project's containers stays as it is. */
const PROJECT = "dailyfeed-verify";
const OUTPUT_LIMIT = 64 * 1_048_576;
const POLL_MS = 100;

export interface ContainerState {
  readonly service: string;
  readonly id: string;
  /** Of its first process, on this machine. */
  readonly pid: number;
  readonly isHealthy: boolean;
  readonly restarts: number;
}

/** The containers of docker-compose.yml, under a project name of their own. */
export class Stack {
  readonly environment: NodeJS.ProcessEnv;
  /** Its containers' processes are this machine's. */
  readonly #isPrivate: boolean;

  private constructor(environment: NodeJS.ProcessEnv, isPrivate: boolean) {
    this.environment = environment;
    this.#isPrivate = isPrivate;
  }

  /** Has an engine, the machine's or a private one. @throws Error with what its script said */
  static async openOrThrow(gatewayPort: number): Promise<Stack> {
    const { stdout } = await run("bash", [ENGINE, "up"], { maxBuffer: OUTPUT_LIMIT });
    const engine = Object.fromEntries(
      [...stdout.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [String(name), String(value)]),
    );
    const environment = childEnvironment({
      ...engine,
      COMPOSE_PROJECT_NAME: PROJECT,
      GATEWAY_PORT: String(gatewayPort),
      COMPOSE_PROGRESS: "quiet",
    });
    return new Stack(environment, "DOCKER_HOST" in engine);
  }

  /** @throws Error with what it printed when it fails */
  async docker(...args: readonly string[]): Promise<string> {
    return this.#run("docker", args);
  }

  async compose(...args: readonly string[]): Promise<string> {
    return this.docker("compose", ...args);
  }

  async npm(...args: readonly string[]): Promise<string> {
    return this.#run("npm", ["run", "--silent", ...args]);
  }

  async bash(script: string, variables: Readonly<Record<string, string>> = {}): Promise<string> {
    return this.#run("bash", [script], variables);
  }

  /** Every container of the project. */
  async containers(): Promise<ContainerState[]> {
    const ids = (await this.compose("--profile", "stores", "ps", "--all", "--quiet"))
      .split("\n")
      .filter(Boolean);
    if (ids.length === 0) return [];
    const states = JSON.parse(await this.docker("inspect", ...ids)) as {
      readonly Id: string;
      readonly RestartCount: number;
      readonly State: { readonly Pid: number; readonly Health?: { readonly Status: string } };
      readonly Config: { readonly Labels: Readonly<Record<string, string>> };
    }[];
    return states.map(({ Id, RestartCount, State, Config }) => ({
      service: Config.Labels["com.docker.compose.service"] ?? Id,
      id: Id,
      pid: State.Pid,
      isHealthy: State.Health?.Status === "healthy",
      restarts: RestartCount,
    }));
  }

  /** Resolves with the milliseconds until all are healthy. @throws Error that names those that aren't */
  async healthyOrThrow(deadlineMs: number): Promise<number> {
    const began = performance.now();
    for (;;) {
      const ill = (await this.containers()).filter(({ isHealthy }) => !isHealthy);
      if (ill.length === 0) return performance.now() - began;
      if (performance.now() - began > deadlineMs) {
        throw new Error(`not healthy: ${ill.map(({ service }) => service).join(", ")}`);
      }
      await sleep(POLL_MS);
    }
  }

  /** `kill -9` of the first process; a private engine starts it again by itself, as after any crash. */
  async kill({ service, pid }: ContainerState): Promise<void> {
    if (this.#isPrivate) return void process.kill(pid, "SIGKILL");
    // To Docker, its own command is somebody's wish.
    await this.compose("kill", service);
    await this.compose("start", service);
  }

  /** Resolves with the milliseconds until the killed container runs again and all are healthy. */
  async restartedOrThrow({ service, pid }: ContainerState, deadlineMs: number): Promise<number> {
    const began = performance.now();
    for (;;) {
      const now = (await this.containers()).find((container) => container.service === service);
      if (now && now.pid !== 0 && now.pid !== pid && now.isHealthy) break;
      if (performance.now() - began > deadlineMs) throw new Error(`${service} did not come back`);
      await sleep(POLL_MS);
    }
    await this.healthyOrThrow(deadlineMs);
    return performance.now() - began;
  }

  /** Removes containers and data; a private engine ends. */
  async remove(): Promise<void> {
    await this.compose("--profile", "stores", "down", "--volumes", "--remove-orphans");
    await run("bash", [ENGINE, "down"]);
  }

  async #run(
    command: string,
    args: readonly string[],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    try {
      const env = { ...this.environment, ...variables };
      const { stdout } = await run(command, args, { cwd: PROJECT_FOLDER, env, maxBuffer: OUTPUT_LIMIT });
      return stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`${command} ${args.join(" ")} failed:\n${`${stdout}\n${stderr}`.slice(-4_000)}`);
    }
  }
}

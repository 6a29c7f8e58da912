import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../../../config/child-environment.ts";

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));
const START_DEADLINE_MS = 180_000;
const STOP_DEADLINE_MS = 60_000;

const running = new Set<ChildProcess>();

/** Ends every node that this process has started, at once. */
export function killNodes(): void {
  for (const child of running) child.kill("SIGKILL");
}

// However this process ends (but by kill -9), it leaves none behind.
process.on("exit", killNodes);

/** A node of the product: a process of `main.ts`. */
export class NodeProcess {
  readonly id: string;
  readonly #process: ChildProcess;
  #output = "";

  private constructor(id: string, environment: Readonly<Record<string, string>>) {
    this.id = id;
    const child = spawn(process.execPath, ["--max-semi-space-size=8", "main.ts"], {
      cwd: PROJECT,
      stdio: ["ignore", "pipe", "pipe"],
      env: childEnvironment({ ...environment, NODE_ID: id }),
    });
    running.add(child);
    child.once("exit", () => running.delete(child));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-20_000);
      });
    }
    this.#process = child;
  }

  /**
   * Resolves when it says that it is ready.
   * @throws Error with what it printed when it ends, or is not ready in three minutes
   */
  static async startOrThrow(id: string, environment: Readonly<Record<string, string>>): Promise<NodeProcess> {
    const node = new NodeProcess(id, environment);
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string) => reject(new Error(`${id} ${reason}; it printed:\n${node.#output}`));
      const timer = setTimeout(() => {
        node.#process.kill("SIGKILL");
        fail("was not ready in three minutes");
      }, START_DEADLINE_MS);
      node.#process.once("exit", (code, signal) => {
        clearTimeout(timer);
        fail(`ended with ${code ?? signal}`);
      });
      node.#process.stdout?.on("data", () => {
        if (!/^dailyfeed is ready$/m.test(node.#output)) return;
        clearTimeout(timer);
        resolve();
      });
    });
    return node;
  }

  /** What it printed last. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return Number(this.#process.pid);
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** `kill -9`, at any point of what it does. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** @throws Error when it doesn't end with 0 within a minute */
  async stopOrThrow(): Promise<void> {
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), STOP_DEADLINE_MS);
    await this.#end("SIGTERM");
    clearTimeout(timer);
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== 0) throw new Error(`${this.id} ended with ${exitCode ?? signalCode}:\n${this.#output}`);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (!this.isRunning) return;
    const exit = once(this.#process, "exit");
    this.#process.kill(signal);
    await exit;
  }
}

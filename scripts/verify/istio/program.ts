import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { childEnvironment } from "../../../config/child-environment.ts";

const START_DEADLINE_MS = 120_000;
const STOP_DEADLINE_MS = 10_000;
const POLL_MS = 100;
const KEPT_OUTPUT = 20_000;

const running = new Set<ChildProcess>();

// However this process ends (but by kill -9), it leaves none behind.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export interface ProgramOptions {
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Answers with 200 when it is ready. */
  readonly readyUrl: string;
}

/** A program that runs beside this process and ends with it. */
export class Program {
  readonly name: string;
  readonly #process: ChildProcess;
  #output = "";

  private constructor(name: string, { args, folder, environment = {} }: ProgramOptions) {
    this.name = name;
    this.#process = spawn(name, [...args], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: childEnvironment(environment),
    });
    running.add(this.#process);
    this.#process.once("exit", () => running.delete(this.#process));
    this.#process.once("error", (error) => {
      this.#output += error.message;
      running.delete(this.#process);
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-KEPT_OUTPUT);
      });
    }
  }

  /** @throws Error with what it printed, when it ends or isn't ready in two minutes */
  static async startOrThrow(name: string, options: ProgramOptions): Promise<Program> {
    const program = new Program(name, options);
    const deadline = performance.now() + START_DEADLINE_MS;
    while (!(await answers(options.readyUrl))) {
      if (!program.isRunning || performance.now() > deadline) {
        await program.stop();
        throw new Error(`${name} did not get ready; it printed:\n${program.output}`);
      }
      await sleep(POLL_MS);
    }
    return program;
  }

  get isRunning(): boolean {
    return running.has(this.#process);
  }

  /** What it printed last. */
  get output(): string {
    return this.#output;
  }

  async stop(): Promise<void> {
    if (!this.isRunning) return;
    const exit = once(this.#process, "exit");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), STOP_DEADLINE_MS);
    this.#process.kill("SIGTERM");
    await exit;
    clearTimeout(timer);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

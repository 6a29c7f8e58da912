import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { TEST_ENVIRONMENT } from "../support/app.ts";
import type { Store } from "../support/service.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const PROMPT = "dailyfeed $ ";
const TIMEOUT = 60_000;

/** A node of the product with its REPL, as a person at a terminal has it. */
export class ReplProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  #output = "";

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => {
        this.#output += data;
      });
  }

  static async start(store: Store, variables: Record<string, string> = {}): Promise<ReplProcess> {
    const { PATH, TMPDIR } = process.env;
    const child = spawn(process.execPath, ["main.ts", "--repl"], {
      cwd: PROJECT,
      // HOME: the REPL keeps its history there.
      env: {
        ...{ PATH, TMPDIR, HOME: store.env.DATA_DIR, JOBS: "off" },
        ...{ ...TEST_ENVIRONMENT, ...store.env, LOG_LEVEL: "fatal", ...variables },
      },
    });
    const repl = new ReplProcess(child);
    await repl.#prompted();
    return repl;
  }

  /** Gives a command; answers what it printed. */
  async run(line: string): Promise<string> {
    this.#output = "";
    this.#child.stdin.write(`${line}\n`);
    await this.#prompted();
    return this.#output.slice(0, -PROMPT.length).trim();
  }

  /** Answers the exit code. */
  async quit(): Promise<number | null> {
    this.#child.stdin.end("quit\n");
    await once(this.#child, "close");
    return this.#child.exitCode;
  }

  async #prompted(): Promise<void> {
    const isPrompted = () => this.#output.endsWith(PROMPT);
    const hasEnded = () => this.#child.exitCode !== null;
    await vi.waitUntil(() => isPrompted() || hasEnded(), { timeout: TIMEOUT, interval: 10 });
    if (!isPrompted()) throw new Error(`The REPL ended:\n${this.#output}`);
  }
}

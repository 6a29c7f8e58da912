import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../../../config/child-environment.ts";

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));
const PROMPT = "dailyfeed $ ";
const DEADLINE_MS = 60_000;
const POLL_MS = 10;

/** The REPL of a node without services, as `npm run connect` opens it in a second terminal. */
export class NodeRepl {
  readonly #child: ChildProcessWithoutNullStreams;
  #output = "";

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => {
        this.#output += data.toString();
      });
    }
  }

  /** @throws Error with what it printed when it doesn't prompt within a minute */
  static async start(environment: Readonly<Record<string, string>>): Promise<NodeRepl> {
    const env = childEnvironment({ ...environment, LOG_LEVEL: "fatal", NODE_ID: "" });
    const child = spawn(process.execPath, ["main.ts", "--repl", "--services", "none"], { cwd: PROJECT, env });
    const repl = new NodeRepl(child);
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

  async quit(): Promise<void> {
    const closed = once(this.#child, "close");
    this.#child.stdin.end("quit\n");
    await closed;
  }

  async #prompted(): Promise<void> {
    const deadline = performance.now() + DEADLINE_MS;
    while (!this.#output.endsWith(PROMPT)) {
      if (this.#child.exitCode !== null || performance.now() > deadline) {
        throw new Error(`The REPL doesn't prompt; it printed:\n${this.#output}`);
      }
      await sleep(POLL_MS);
    }
  }
}

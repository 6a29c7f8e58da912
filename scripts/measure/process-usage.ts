import { readFile } from "node:fs/promises";

/** Clock ticks a second in /proc: 100 on every Linux that Node runs on. */
const TICKS = 100;

/** What a process used of the machine. */
export interface Usage {
  /** Thousandths of a processor, over the time watched. */
  readonly cpu: number;
  /** MiB held at most. */
  readonly memory: number;
}

/** Watches a process of this machine (Linux) until it is asked. */
export class UsageWatch {
  readonly #pid: number;
  readonly #began = performance.now();
  readonly #ticks: Promise<number>;
  #memory = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.#ticks = ticksOf(pid);
  }

  /** To be called now and then: the most that any look saw counts. */
  async look(): Promise<void> {
    this.#memory = Math.max(this.#memory, await memoryOf(this.#pid));
  }

  async end(): Promise<Usage> {
    await this.look();
    const used = (await ticksOf(this.#pid)) - (await this.#ticks);
    const seconds = (performance.now() - this.#began) / 1_000;
    return { cpu: Math.round((used / TICKS / seconds) * 1_000), memory: Math.round(this.#memory) };
  }
}

/** Of all its threads, in user and kernel mode. */
async function ticksOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The name, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  // A process that has just ended holds none.
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024;
}

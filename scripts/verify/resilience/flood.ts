import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { timesAtRate } from "../../bench/images/load.ts";
import { makeReader } from "../../bench/images/members.ts";
import { startBenchProduct } from "../../bench/images/product.ts";
import { median, percentile } from "../../bench/statistics.ts";
import type { Verdict } from "../events/verdict.ts";

export type Flood = "uploads" | "logins";

const CLIENT = new URL("flood-client.ts", import.meta.url);
const FEEDS_A_SECOND = 20;
/** MB that the flood may need: two queues of pictures and what the gateway holds of uploads. */
const MOST_MEMORY = 512;
const AUTHORS = 20;
/** Done, turned away at once, waited too long. */
const EXPECTED = ["200", "503", "504"];

export interface FloodOptions {
  readonly rounds: number;
  /** Of each measurement. */
  readonly milliseconds: number;
  readonly say: (text: string) => void;
}

/** A feed's times without and with very many uploads or log-ins going on, in alternating rounds. */
export async function flood(kind: Flood, { rounds, milliseconds, say }: FloodOptions): Promise<Verdict> {
  const product = await startBenchProduct();
  let client: ChildProcess | undefined;
  try {
    const authorization = await makeReader(product.url);
    client = fork(CLIENT, [kind, product.url, authorization, String(AUTHORS)]);
    await once(client, "message");
    const failures: Record<string, number> = {};
    const answers: Record<string, number> = {};
    const feed = async () => {
      const answer = await fetch(`${product.url}/api/timeline/posts/followings`, {
        headers: { authorization },
      });
      await answer.arrayBuffer();
      if (answer.status !== 200) failures[answer.status] = (failures[answer.status] ?? 0) + 1;
    };
    const [quiet, busy]: [number[][], number[][]] = [[], []];
    const memory = watchMemory(product.pid);
    const before = memory.most();
    for (let round = 1; round <= rounds; round++) {
      quiet.push(await timesAtRate(feed, FEEDS_A_SECOND, milliseconds));
      client.send(milliseconds);
      const [times, [counts]] = await Promise.all([
        timesAtRate(feed, FEEDS_A_SECOND, milliseconds),
        once(client, "message") as Promise<[Record<string, number>]>,
      ]);
      busy.push(times);
      for (const [status, count] of Object.entries(counts)) answers[status] = (answers[status] ?? 0) + count;
      say(`round ${round} of ${rounds}`);
    }
    memory.stop();
    const needed = memory.most() - before;
    const strange = Object.keys(answers).filter((status) => !EXPECTED.includes(status));
    return {
      figures: {
        store: product.store,
        "feed alone, p50 / p99 ms (medians)": timesOf(quiet),
        [`feed with 200 ${kind} at once, p50 / p99 ms`]: timesOf(busy),
        [`answers to ${kind}`]: textOf(answers),
        "memory before / at most, MB": `${before.toFixed(0)} / ${memory.most().toFixed(0)}`,
      },
      differences: [
        ...(Object.keys(failures).length > 0 ? [`the feed failed: ${textOf(failures)}`] : []),
        ...(strange.length > 0 ? [`${kind} were answered ${strange.join(", ")}`] : []),
        ...(needed > MOST_MEMORY ? [`it needed ${needed.toFixed(0)} MB more`] : []),
      ],
    };
  } finally {
    client?.disconnect();
    await product.remove();
  }
}

/** The most resident memory of a process so far, in MB. */
function watchMemory(pid: number) {
  const now = () => {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) / 1_024;
  };
  let most = now();
  const timer = setInterval(() => {
    most = Math.max(most, now());
  }, 50);
  return { most: () => most, stop: () => clearInterval(timer) };
}

function timesOf(runs: readonly number[][]): string {
  return [50, 99]
    .map((percent) => median(runs.map((run) => percentile(run, percent))).toFixed(1))
    .join(" / ");
}

function textOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([status, count]) => `${count} x ${status}`)
    .join(", ");
}

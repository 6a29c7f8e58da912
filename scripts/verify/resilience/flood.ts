import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { median, percentile, photograph, rateOf, timesAtRate, uploader } from "../../bench/images/load.ts";
import { makeReader } from "../../bench/images/members.ts";
import { startBenchProduct } from "../../bench/images/product.ts";
import type { Verdict } from "../events/verdict.ts";

export type Flood = "uploads" | "logins";

const PARALLEL = 200;
const FEEDS_A_SECOND = 20;
/** MB that the flood may need: two queues of pictures and what the gateway holds of uploads. */
const MOST_MEMORY = 512;
const AUTHORS = 20;

export interface FloodOptions {
  readonly rounds: number;
  /** Of each measurement. */
  readonly milliseconds: number;
  readonly say: (text: string) => void;
}

/** A feed's times without and with very many uploads or log-ins going on, in alternating rounds. */
export async function flood(kind: Flood, { rounds, milliseconds, say }: FloodOptions): Promise<Verdict> {
  const product = await startBenchProduct();
  try {
    const authorization = await makeReader(product.url);
    const send =
      kind === "uploads"
        ? await uploader(product.url, authorization, await photograph())
        : logIn(product.url);
    const failures = new Map<number, number>();
    const answers = new Map<number, number>();
    const count = (counts: Map<number, number>, status: number) =>
      counts.set(status, (counts.get(status) ?? 0) + 1);
    const feed = async () => {
      const answer = await fetch(`${product.url}/api/timeline/posts/followings`, {
        headers: { authorization },
      });
      await answer.arrayBuffer();
      if (answer.status !== 200) count(failures, answer.status);
    };
    /** As clients should: whoever is turned away comes again after a second. */
    const wave = async () => {
      const status = await send();
      count(answers, status);
      if (status === 503) await sleep(1_000);
    };
    const [quiet, busy]: [number[][], number[][]] = [[], []];
    const memory = watchMemory(product.pid);
    const before = memory.most();
    for (let round = 1; round <= rounds; round++) {
      quiet.push(await timesAtRate(feed, FEEDS_A_SECOND, milliseconds));
      const [times] = await Promise.all([
        timesAtRate(feed, FEEDS_A_SECOND, milliseconds),
        rateOf(wave, PARALLEL, milliseconds),
      ]);
      busy.push(times);
      say(`round ${round} of ${rounds}`);
    }
    memory.stop();
    const needed = memory.most() - before;
    const strange = [...answers].filter(([status]) => status !== 200 && status !== 503);
    return {
      figures: {
        store: product.store,
        "feed alone, p50 / p99 ms (medians)": timesOf(quiet),
        [`feed with ${PARALLEL} ${kind} at once, p50 / p99 ms`]: timesOf(busy),
        [`answers to ${kind}`]: textOf(answers),
        "memory before / at most, MB": `${before.toFixed(0)} / ${memory.most().toFixed(0)}`,
      },
      differences: [
        ...(failures.size > 0 ? [`the feed failed: ${textOf(failures)}`] : []),
        ...(strange.length > 0 ? [`${kind} were answered ${textOf(new Map(strange))}`] : []),
        ...(needed > MOST_MEMORY ? [`it needed ${needed.toFixed(0)} MB more`] : []),
      ],
    };
  } finally {
    await product.remove();
  }
}

function logIn(url: string): () => Promise<number> {
  let next = 0;
  return async () => {
    const email = `author${1 + (next++ % AUTHORS)}@example.com`;
    const body = JSON.stringify({ email, password: "Sunny#day1" });
    const answer = await fetch(`${url}/api/authentication/login`, { method: "POST", body });
    await answer.arrayBuffer();
    return answer.status;
  };
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

function textOf(counts: ReadonlyMap<number, number>): string {
  return [...counts].map(([status, count]) => `${count} x ${status}`).join(", ");
}

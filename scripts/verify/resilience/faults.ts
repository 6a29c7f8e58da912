import { setTimeout as sleep } from "node:timers/promises";
import { BREAKERS } from "../../../config/resilience.ts";
import { percentile, rateOf, timesAtRate } from "../../bench/images/load.ts";
import { makeReader } from "../../bench/images/members.ts";
import type { Verdict } from "../events/verdict.ts";
import { FaultyMesh } from "./faulty-mesh.ts";

export type Fault = "fail" | "slow" | "hang" | "kill";

/** Requests a second to what is broken, and how many feeds are asked for at the same time meanwhile. */
const TARGET_RATE = 20;
const FEED_LANES = 2;
const LEAST_THROUGHPUT = 0.9;
/** Milliseconds until a breaker must have opened, and until all must be well again. */
const OPENING = 30_000;
const RECOVERY = BREAKERS.default.halfOpenTime + 30_000;

/** Breaks the activity service in one way, and looks at those who ask it and at the feed, before, meanwhile and after. */
export async function fault(
  kind: Fault,
  milliseconds: number,
  say: (text: string) => void,
): Promise<Verdict> {
  const mesh = await FaultyMesh.start();
  try {
    const authorization = await makeReader(mesh.url);
    const get = async (path: string) => {
      const answer = await fetch(`${mesh.url}/api${path}`, { headers: { authorization } });
      await answer.arrayBuffer();
      return answer.status;
    };
    const differences: string[] = [];

    /** Asks both for a while. */
    const measure = async () => {
      const statuses = new Map<number, number>();
      const errors = new Set<number>();
      const [feeds, times] = await Promise.all([
        rateOf(
          async () => {
            const status = await get("/timeline/posts/followings");
            if (status !== 200) errors.add(status);
          },
          FEED_LANES,
          milliseconds,
        ),
        timesAtRate(
          async () => {
            const status = await get("/member-activities");
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
          },
          TARGET_RATE,
          milliseconds,
        ),
      ]);
      if (errors.size > 0) differences.push(`the feed answered ${[...errors].join(", ")}`);
      return { feeds, p99: percentile(times, 99), statuses };
    };

    /** Asks the target until something holds; answers the seconds it took. */
    const until = async (what: string, deadline: number, holds: () => Promise<boolean>) => {
      const startedAt = performance.now();
      while (!(await holds())) {
        if (performance.now() - startedAt > deadline) {
          differences.push(`${what} took more than ${deadline / 1_000} s`);
          break;
        }
        void get("/member-activities").catch(() => undefined);
        await sleep(1_000 / TARGET_RATE);
      }
      return (performance.now() - startedAt) / 1_000;
    };

    await until("the first answer", OPENING, async () => (await get("/member-activities")) === 200);
    const before = await measure();
    say(`broken: ${kind}`);
    if (kind === "kill") await mesh.killTarget();
    else mesh.behave(kind);
    const isRefused = async () =>
      kind === "kill" ? (await get("/member-activities")) === 503 : (await mesh.breakerState()) === 2;
    const opening = await until("opening", OPENING, isRefused);
    const meanwhile = await measure();
    say("whole again");
    if (kind === "kill") await mesh.startTarget();
    else mesh.behave("good");
    const isWell = async () => (await mesh.breakerState()) === 0 && (await get("/member-activities")) === 200;
    const recovery = await until("recovery", RECOVERY, isWell);
    const after = await measure();

    const kept = (2 * meanwhile.feeds) / (before.feeds + after.feeds);
    if (meanwhile.p99 >= BREAKERS.default.slowTime)
      differences.push(`p99 was ${meanwhile.p99.toFixed(0)} ms`);
    if (kept < LEAST_THROUGHPUT)
      differences.push(`the feed kept ${(100 * kept).toFixed(0)} % of its throughput`);
    if (meanwhile.statuses.has(200)) differences.push("calls went through an open breaker");
    if ([...after.statuses.keys()].some((status) => status !== 200)) differences.push("it did not stay well");
    return {
      figures: {
        "seconds until calls were refused": opening.toFixed(1),
        "p99 of refused calls, ms": meanwhile.p99.toFixed(1),
        "answers meanwhile": [...meanwhile.statuses]
          .map(([status, count]) => `${count} x ${status}`)
          .join(", "),
        "feeds a second, before / meanwhile / after": [before, meanwhile, after]
          .map(({ feeds }) => feeds.toFixed(0))
          .join(" / "),
        "throughput kept": `${(100 * kept).toFixed(0)} %`,
        "seconds until all was well again": recovery.toFixed(1),
      },
      differences,
    };
  } finally {
    await mesh.remove();
  }
}

import { BREAKERS } from "../../../config/resilience.ts";
import { median, percentile } from "../../bench/statistics.ts";
import type { Verdict } from "../events/verdict.ts";
import { FaultyMesh } from "./faulty-mesh.ts";
import { type Measurement, Side } from "./side.ts";

export type Fault = "fail" | "slow" | "hang" | "kill";

const LEAST_THROUGHPUT = 0.9;
/** Milliseconds until a breaker must have opened, and until all must be well again. */
const OPENING = 30_000;
const RECOVERY = BREAKERS.default.halfOpenTime + 30_000;

export interface FaultOptions {
  /** Alternating rounds, of a broken mesh and a whole one each. */
  readonly rounds: number;
  readonly say: (text: string) => void;
}

/**
 * Breaks the activity service of one of two meshes in one way, and looks at those who ask it and at the feed, side by side
 * with the mesh that is whole: so other work of the machine hits both.
 */
export async function fault(kind: Fault, { rounds, say }: FaultOptions): Promise<Verdict> {
  const [broken, whole] = await Promise.all([FaultyMesh.start("broken"), FaultyMesh.start("whole")]);
  try {
    const [brokenSide, wholeSide] = [await Side.of(broken), await Side.of(whole)];
    const differences: string[] = [];
    const until = async (what: string, deadline: number, holds: () => Promise<boolean>) => {
      const seconds = await brokenSide.askUntil(deadline, holds);
      if (seconds === undefined) differences.push(`${what} took more than ${deadline / 1_000} s`);
      return seconds?.toFixed(1) ?? "never";
    };
    await until("the first answer", OPENING, async () => (await brokenSide.askTarget()) === 200);

    say(`broken: ${kind}`);
    if (kind === "kill") await broken.killTarget();
    else broken.behave(kind);
    const isRefused = async () =>
      kind === "kill" ? (await brokenSide.askTarget()) === 503 : (await broken.breakerState()) === 2;
    const opening = await until("opening", OPENING, isRefused);
    const kept: number[] = [];
    const meanwhile: Measurement[] = [];
    const beside: Measurement[] = [];
    for (let round = 0; round < rounds; round++) {
      const first = round % 2 === 0 ? await wholeSide.measure() : undefined;
      const ofBroken = await brokenSide.measure();
      const ofWhole = first ?? (await wholeSide.measure());
      meanwhile.push(ofBroken);
      beside.push(ofWhole);
      kept.push(ofBroken.feeds / ofWhole.feeds);
    }

    say("whole again");
    if (kind === "kill") await broken.startTarget();
    else broken.behave("good");
    const recovery = await until(
      "recovery",
      RECOVERY,
      async () => (await broken.breakerState()) === 0 && (await brokenSide.askTarget()) === 200,
    );
    const after = await brokenSide.measure();

    const refusedTimes = meanwhile.flatMap(({ times }) => times).sort((a, b) => a - b);
    const p99 = percentile(refusedTimes, 99);
    const statuses = statusesOf(meanwhile);
    const feedErrors = [...meanwhile, ...beside, after].flatMap((measurement) => measurement.feedErrors);
    if (feedErrors.length > 0) differences.push(`the feed answered ${[...new Set(feedErrors)].join(", ")}`);
    if (p99 >= BREAKERS.default.slowTime) differences.push(`p99 was ${p99.toFixed(0)} ms`);
    if (median(kept) < LEAST_THROUGHPUT) differences.push(`the feed kept ${percent(median(kept))}`);
    if (statuses.has(200)) differences.push("calls went through an open breaker");
    if ([...statusesOf([after]).keys()].some((status) => status !== 200)) {
      differences.push(`it did not stay well: ${textOf(statusesOf([after]))}`);
    }
    return {
      figures: {
        "seconds until calls were refused": opening,
        "p99 of refused calls, ms": p99.toFixed(1),
        "answers meanwhile": textOf(statuses),
        [`feeds a second, broken beside whole (medians of ${rounds})`]: [meanwhile, beside]
          .map((measurements) => median(measurements.map(({ feeds }) => feeds)).toFixed(0))
          .join(" / "),
        "throughput kept, median (least, most)": `${percent(median(kept))} (${percent(Math.min(...kept))}, ${percent(Math.max(...kept))})`,
        "seconds until all was well again": recovery,
      },
      differences,
    };
  } finally {
    await Promise.all([broken.remove(), whole.remove()]);
  }
}

function statusesOf(measurements: readonly Measurement[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const status of measurements.flatMap(({ statuses }) => statuses)) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return counts;
}

function textOf(counts: ReadonlyMap<number, number>): string {
  return [...counts].map(([status, count]) => `${count} x ${status}`).join(", ");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

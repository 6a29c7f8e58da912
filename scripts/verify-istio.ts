import { Options, runScript, UsageError } from "./terminal/options.ts";
import type { Verdict } from "./verify/events/verdict.ts";
import { canary } from "./verify/istio/canary.ts";
import type { Check, CheckOptions } from "./verify/istio/check.ts";
import { ejection } from "./verify/istio/ejection.ts";
import { ejectionLimit } from "./verify/istio/ejection-limit.ts";
import { numbers } from "./verify/istio/numbers.ts";
import { overflow } from "./verify/istio/overflow.ts";
import { retriedReads } from "./verify/istio/retried-reads.ts";
import { signedIn } from "./verify/istio/signed-in.ts";
import { singleWrites } from "./verify/istio/single-writes.ts";
import { Stage } from "./verify/istio/stage.ts";
import { timeOuts } from "./verify/istio/time-outs.ts";

/** In this order; what waits for minutes lets the next ones begin meanwhile. */
const CHECKS: Readonly<Record<string, Check>> = {
  numbers,
  signedin: signedIn,
  timeouts: timeOuts,
  ejection,
  reads: retriedReads,
  writes: singleWrites,
  limit: ejectionLimit,
  overflow,
  canary,
};

const USAGE = `usage: npm run verify:istio [-- options]
  Gives the rendered rules of kubernetes/overlays/kind to a real istiod, which programs real Envoys: an ingress gateway,
  and a sidecar before real processes of every group. Then breaks pods, and compares what clients see with the tables.
  --only S,S numbers (tables, manifests and Envoy's configuration agree), signedin (one token in every group's gateway),
             timeouts (a slow group is cut off), reads (tried anew at another pod), writes (sent once: rows are counted),
             ejection (a failing pod goes, and comes back after five minutes), limit (never more than half of the pods),
             overflow (more requests than there is room for) or canary (scripts/canary.sh); default: all of them`;

async function main(): Promise<void> {
  const options = new Options(["only"], USAGE);
  const chosen = options.text("only")?.split(",") ?? Object.keys(CHECKS);
  const unknown = chosen.find((name) => !(name in CHECKS));
  if (unknown !== undefined) {
    const names = Object.keys(CHECKS).join(", ");
    throw new UsageError(`--only has ${JSON.stringify(unknown)}: expected some of ${names}\n${USAGE}`);
  }
  console.log("Starting servers, a process for each group, and a control plane ...");
  const stage = await Stage.startOrThrow(console.log);
  const results = new Map<string, Result>();
  const checks: Promise<void>[] = [];
  try {
    for (const [name, check] of Object.entries(CHECKS)) {
      if (!chosen.includes(name)) continue;
      const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
      const done = run(name, check, { stage, goOn }).then((result) => {
        results.set(name, result);
        report(result);
      });
      checks.push(done);
      await Promise.race([done, mayGoOn]);
    }
    await Promise.all(checks);
  } finally {
    await stage.remove();
  }
  console.log("");
  for (const { name, verdict, seconds } of results.values()) {
    const outcome = verdict.differences.length === 0 ? "passed" : `FAILED (${verdict.differences.length})`;
    console.log(`${name.padEnd(10)} ${outcome.padEnd(12)} ${seconds.toFixed(0)} s`);
    if (verdict.differences.length > 0) process.exitCode = 1;
  }
}

interface Result {
  readonly name: string;
  readonly verdict: Verdict;
  readonly seconds: number;
}

async function run(name: string, check: Check, options: Omit<CheckOptions, "say">): Promise<Result> {
  const began = performance.now();
  const say = (text: string) => console.log(`${name}: ${text}`);
  const verdict = await check({ ...options, say }).catch((error: Error) => ({
    figures: {},
    differences: [`it broke off: ${error.stack}`],
  }));
  return { name, verdict, seconds: (performance.now() - began) / 1_000 };
}

function report({ name, verdict, seconds }: Result): void {
  console.log(`\n${name}: ${verdict.differences.length} differences, in ${seconds.toFixed(0)} s`);
  for (const [title, figure] of Object.entries(verdict.figures))
    console.log(`  ${title.padEnd(56)} ${figure}`);
  for (const difference of verdict.differences.slice(0, 20)) console.log(`  ! ${difference}`);
}

await runScript(main);

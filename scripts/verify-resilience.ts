import { Options, runScript, UsageError } from "./terminal/options.ts";
import type { Verdict } from "./verify/events/verdict.ts";
import { away } from "./verify/resilience/away.ts";
import { fault } from "./verify/resilience/faults.ts";
import { type FloodOptions, flood } from "./verify/resilience/flood.ts";

const USAGE = `usage: npm run verify:resilience [-- options]
  Breaks a real process that others ask (fail: half of its answers are errors, slow, hang, kill), and looks at those who
  ask, at the feed meanwhile, and at the recovery. Then the feed under 200 uploads or log-ins at once; and feed and posting
  while search, activity, image, Kafka and Redis (servers of its own) are away in turn.
  --only S      fail, slow, hang, kill, uploads, logins or away; default: all of them
  --rounds N    alternating rounds, broken beside whole or with a flood beside without (default: 7)
  --seconds N   of each measurement of the floods (default: 5)`;

const SCENARIOS = ["fail", "slow", "hang", "kill", "uploads", "logins", "away"] as const;

async function main(): Promise<void> {
  const options = new Options(["only", "rounds", "seconds"], USAGE);
  const only = options.text("only");
  const chosen = SCENARIOS.filter((name) => only === undefined || only === name);
  if (chosen.length === 0) {
    throw new UsageError(`--only is ${JSON.stringify(only)}: expected ${SCENARIOS.join(", ")}\n${USAGE}`);
  }
  const rounds = options.integer("rounds", 1) ?? 7;
  const milliseconds = (options.integer("seconds", 1) ?? 5) * 1_000;
  for (const name of chosen) {
    const say = (text: string) => console.log(`${name}: ${text}`);
    const startedAt = performance.now();
    const verdict = await verdictOf(name, { rounds, milliseconds, say });
    report(name, verdict, (performance.now() - startedAt) / 1_000);
    if (verdict.differences.length > 0) process.exitCode = 1;
  }
}

function verdictOf(name: (typeof SCENARIOS)[number], options: FloodOptions): Promise<Verdict> {
  if (name === "uploads" || name === "logins") return flood(name, options);
  if (name === "away") return away(options.say);
  return fault(name, options);
}

function report(name: string, { figures, differences }: Verdict, seconds: number): void {
  console.log(
    `\n${name}: ${differences.length === 0 ? "as it should be" : "NOT as it should be"}, in ${seconds.toFixed(0)} s`,
  );
  for (const [title, figure] of Object.entries(figures)) console.log(`  ${title.padEnd(48)} ${figure}`);
  for (const difference of differences) console.log(`  ! ${difference}`);
  console.log("");
}

await runScript(main);

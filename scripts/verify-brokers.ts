import { randomInt } from "node:crypto";
import { Options, runScript, UsageError } from "./terminal/options.ts";
import { damagedDay } from "./verify/brokers/damaged-day.ts";
import { leaderLoss } from "./verify/brokers/leader-loss.ts";
import { rebalance } from "./verify/brokers/rebalance.ts";
import { startServersOrThrow } from "./verify/events/real-servers.ts";
import type { Scenario } from "./verify/events/scenario.ts";
import type { Verdict } from "./verify/events/verdict.ts";

const USAGE = `usage: npm run verify:brokers [-- options]
  Starts MariaDB, Redis, a MongoDB and three Kafka brokers of its own, and compares what was committed with what arrived
  where a broker's data, a day's records or a process are lost.
  --only S     leader (killed for good, with KAFKA_ACKS=1 and all), damage (a day's records, by hand) or
               rebalance (processes stop and start); default: all of them
  --seed S     chooses the writes (default: a random one, printed)`;

const SCENARIOS: Readonly<Record<string, (options: Parameters<Scenario>[0]) => Promise<Verdict>>> = {
  rebalance,
  damage: damagedDay,
  leader: leaderLoss,
};
const MAX_SHOWN = 20;

async function main(): Promise<void> {
  const options = new Options(["only", "seed"], USAGE);
  const only = options.text("only");
  if (only !== undefined && !(only in SCENARIOS)) {
    throw new UsageError(
      `--only is ${JSON.stringify(only)}: expected ${Object.keys(SCENARIOS).join(", ")}\n${USAGE}`,
    );
  }
  const seed = options.integer("seed", 0, 2 ** 32 - 1) ?? randomInt(2 ** 32);
  console.log(`Seed ${seed}. Starting servers ...`);
  const servers = await startServersOrThrow(["kafka", "kafka2", "kafka3"]);
  try {
    for (const [name, scenario] of Object.entries(SCENARIOS)) {
      if (only !== undefined && only !== name) continue;
      const started = performance.now();
      const say = (text: string) => {
        console.log(`${name}, ${((performance.now() - started) / 1_000).toFixed(0)} s: ${text}`);
      };
      const verdict = await scenario({ servers, seed, writes: 0, kills: 0, say });
      report(name, verdict, (performance.now() - started) / 1_000);
      if (verdict.differences.length > 0) process.exitCode = 1;
    }
  } finally {
    await servers.remove();
  }
}

function report(name: string, { figures, differences }: Verdict, seconds: number): void {
  console.log(`\n${name}: ${differences.length} differences, in ${seconds.toFixed(0)} s`);
  for (const [title, figure] of Object.entries(figures)) console.log(`  ${title.padEnd(44)} ${figure}`);
  for (const difference of differences.slice(0, MAX_SHOWN)) console.log(`  ! ${difference}`);
}

await runScript(main);

import { randomInt } from "node:crypto";
import { Options, runScript, UsageError } from "./terminal/options.ts";
import { brokerOutage } from "./verify/events/broker-outage.ts";
import { kills } from "./verify/events/kills.ts";
import { publishTypeSwitch } from "./verify/events/publish-type-switch.ts";
import { startServersOrThrow } from "./verify/events/real-servers.ts";
import type { Scenario } from "./verify/events/scenario.ts";
import { storeOutages } from "./verify/events/store-outages.ts";
import type { Verdict } from "./verify/events/verdict.ts";

const USAGE = `usage: npm run verify:events [-- options]
  Starts MariaDB, Redis, Kafka and a MongoDB of its own, writes to real processes while something breaks, and compares
  what was committed with what arrived.
  --only S     switch (PUBLISH_TYPE back and forth), broker (Kafka stops), kill (kill -9 of both sides) or
               stores (Redis emptied and stopped, MongoDB stopped); default: all of them
  --kills N    kills of publishers, and as many of consumers (default: 50)
  --writes N   writes of the broker's outage (default: 2000)
  --seed S     chooses the writes and the moments (default: a random one, printed)`;

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  switch: publishTypeSwitch,
  broker: brokerOutage,
  kill: kills,
  stores: storeOutages,
};
const MAX_SHOWN = 20;

async function main(): Promise<void> {
  const options = new Options(["only", "kills", "writes", "seed"], USAGE);
  const only = options.text("only");
  if (only !== undefined && !(only in SCENARIOS)) {
    throw new UsageError(
      `--only is ${JSON.stringify(only)}: expected ${Object.keys(SCENARIOS).join(", ")}\n${USAGE}`,
    );
  }
  const seed = options.integer("seed", 0, 2 ** 32 - 1) ?? randomInt(2 ** 32);
  const [killCount, writes] = [options.integer("kills", 1) ?? 50, options.integer("writes", 100) ?? 2_000];
  console.log(`Seed ${seed}. Starting servers ...`);
  const servers = await startServersOrThrow();
  const verdicts: [name: string, verdict: Verdict, seconds: number][] = [];
  try {
    for (const [name, scenario] of Object.entries(SCENARIOS)) {
      if (only !== undefined && only !== name) continue;
      const started = performance.now();
      const say = (text: string) => {
        console.log(`${name}, ${((performance.now() - started) / 1_000).toFixed(0)} s: ${text}`);
      };
      const verdict = await scenario({ servers, seed, writes, kills: killCount, say });
      verdicts.push([name, verdict, (performance.now() - started) / 1_000]);
    }
  } finally {
    await servers.remove();
  }
  for (const one of verdicts) report(...one);
  if (verdicts.some(([, { differences }]) => differences.length > 0)) process.exitCode = 1;
}

function report(name: string, { figures, differences }: Verdict, seconds: number): void {
  console.log(`\n${name}: ${differences.length} differences, in ${seconds.toFixed(0)} s`);
  for (const [title, figure] of Object.entries(figures)) console.log(`  ${title.padEnd(40)} ${figure}`);
  for (const difference of differences.slice(0, MAX_SHOWN)) console.log(`  ! ${difference}`);
}

await runScript(main);

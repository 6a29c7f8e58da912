import { Options, runScript, UsageError } from "./terminal/options.ts";
import { type RealServers, startServersOrThrow } from "./verify/events/real-servers.ts";
import type { Verdict } from "./verify/events/verdict.ts";
import { firstStart } from "./verify/mesh/first-start.ts";
import { flat } from "./verify/mesh/flat.ts";
import { isolation } from "./verify/mesh/isolation.ts";
import { remoteCalls } from "./verify/mesh/remote-calls.ts";
import { replCommands } from "./verify/mesh/repl-commands.ts";
import { rollingRestart } from "./verify/mesh/rolling-restart.ts";
import type { MeshScenario } from "./verify/mesh/scenario.ts";
import { storeOutages } from "./verify/mesh/store-outages.ts";
import { tokensAcross } from "./verify/mesh/tokens-across.ts";

const SCENARIOS: Readonly<Record<string, MeshScenario>> = {
  trace: remoteCalls,
  rolling: rollingRestart,
  outages: storeOutages,
  isolation,
  tokens: tokensAcross,
  start: firstStart,
  repl: replCommands,
  flat,
};
const LONG = "flat";

const USAGE = `usage: npm run verify:mesh [-- options]
  Starts servers of its own and a process for each group of services, connected by Redis, and looks at them as a whole.
  --only S     one of these, or several with commas between; default: all but flat
                 trace      which calls leave a process
                 rolling    every process restarted under load, two of each group behind a balancer
                 outages    each store stopped and started under load
                 isolation  content beside a timeline that is saturated on one core, then killed; and the reverse
                 tokens     log-out, rotation and limits over processes
                 start      all processes at once on an empty database
                 repl       commands from a node without services
                 flat       memory, file handles and connections under a long load; data/verify-mesh-flat.csv has all
  --rate N     requests a second of a load (default: rolling 200, outages 50, flat 20)
  --minutes N  of flat (default: 30)`;
const MAX_SHOWN = 20;

async function main(): Promise<void> {
  const options = new Options(["only", "rate", "minutes"], USAGE);
  const chosen = options.text("only")?.split(",") ?? Object.keys(SCENARIOS).filter((name) => name !== LONG);
  const unknown = chosen.find((name) => !(name in SCENARIOS));
  if (unknown !== undefined) {
    throw new UsageError(
      `--only is ${JSON.stringify(unknown)}: expected ${Object.keys(SCENARIOS).join(", ")}\n${USAGE}`,
    );
  }
  const rate = options.integer("rate", 1, 10_000);
  const minutes = options.integer("minutes", 1, 10_000) ?? 30;
  console.log("Starting servers ...");
  const servers = await startServersOrThrow();
  removeOnSignals(servers);
  try {
    for (const [name, scenario] of Object.entries(SCENARIOS)) {
      if (!chosen.includes(name)) continue;
      const say = (text: string) => console.log(`${name}: ${text}`);
      const began = performance.now();
      report(name, await scenario({ servers, rate, minutes, say }), (performance.now() - began) / 1_000);
    }
  } finally {
    await servers.remove();
  }
}

function report(name: string, { figures, differences }: Verdict, seconds: number): void {
  console.log(`\n${name}: ${differences.length} differences, in ${seconds.toFixed(0)} s`);
  for (const [title, figure] of Object.entries(figures)) console.log(`  ${title.padEnd(48)} ${figure}`);
  for (const difference of differences.slice(0, MAX_SHOWN)) console.log(`  ! ${difference}`);
  if (differences.length > 0) process.exitCode = 1;
}

function removeOnSignals(servers: RealServers): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      servers.remove().finally(() => process.exit(130));
    });
  }
}

await runScript(main);

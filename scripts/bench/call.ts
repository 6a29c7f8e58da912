import { type BrokerOptions, ServiceBroker } from "moleculer";
import { configOrThrow } from "../../config/index.ts";
import { brokerOptions } from "../../moleculer.config.ts";
import { Options, runScript } from "../terminal/options.ts";
import { median } from "./statistics.ts";

const USAGE = `usage: npm run bench:call [-- options]
  CPU time of a call in the same process: a bare broker of Moleculer's, and the product's chain for an action that is
  repeatable and has a bulkhead, with breaker, retry, time budget and limit (which looks at remote calls only).
  --rounds N    alternating rounds (default: 15)
  --calls N     of each round (default: 100000)`;

/** Microseconds that the chain may add, and how many times as much as a bare call a call through it may take. */
const MOST_ADDED = 3;
const MOST_RATIO = 4;

/** Rounds in which code is still being compiled. */
const WARM_UP = 3;

const ACTION = { idempotent: true, bulkhead: "search", handler: () => true };

async function main(): Promise<void> {
  const options = new Options(["rounds", "calls"], USAGE);
  const rounds = options.integer("rounds", 1) ?? 15;
  const calls = options.integer("calls", 1_000) ?? 100_000;
  const product = brokerOptions(configOrThrow({}));
  const brokers = {
    bare: await start({}),
    chain: await start({ ...product, transporter: undefined }),
  };
  const times = { bare: [] as number[], chain: [] as number[] };
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const name of ["bare", "chain"] as const) {
      const time = await microsecondsOf(brokers[name], calls);
      if (round >= 0) times[name].push(time);
    }
  }
  const bare = median(times.bare);
  const chain = median(times.chain);
  const [added, ratio] = [chain - bare, chain / bare];
  console.log(
    `CPU of a local call, medians of ${rounds} alternating rounds of ${calls} calls, in microseconds:`,
  );
  console.log(`bare broker.call          ${bare.toFixed(2)}`);
  console.log(`with the product's chain  ${chain.toFixed(2)}`);
  console.log(
    `added ${added.toFixed(2)} (at most ${MOST_ADDED}), ${ratio.toFixed(2)} times (at most ${MOST_RATIO})`,
  );
  await Promise.all(Object.values(brokers).map((broker) => broker.stop()));
  if (added > MOST_ADDED || ratio > MOST_RATIO) process.exitCode = 1;
}

/** Without validation, tracing and metrics, which aren't what is measured. */
async function start(options: BrokerOptions): Promise<ServiceBroker> {
  const broker = new ServiceBroker({ ...options, logger: false, validator: false });
  broker.createService({ name: "search", actions: { call: ACTION as object } });
  await broker.start();
  return broker;
}

async function microsecondsOf(broker: ServiceBroker, calls: number): Promise<number> {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call++) await broker.call("search.call");
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

await runScript(main);

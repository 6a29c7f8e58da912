import { ServiceBroker } from "moleculer";
import { configOrThrow } from "../../config/index.ts";
import { Database } from "../../lib/sql/database.ts";
import { migrateUp } from "../../lib/sql/migrator.ts";
import { Options, runScript, UsageError } from "../terminal/options.ts";
import { type RealServers, startServersOrThrow } from "../verify/events/real-servers.ts";
import { compareConsuming } from "./events/consuming.ts";
import { comparePublishing } from "./events/publishing.ts";
import type { Findings } from "./events/rounds.ts";
import { compareWriting } from "./events/writing.ts";

const USAGE = `usage: npm run bench:events [-- options]
  Starts MariaDB, Redis, Kafka and a MongoDB of its own, and compares in alternating rounds: events from the outbox into
  Kafka with bare kafkajs, the activity consumer with the same writes without de-duplication and one by one, and a write
  with its event with the same write alone. Figures are medians (least to greatest round); exits with 1 where one misses.
  --only S      publish, consume or write; default: all of them
  --rounds N    alternating rounds (default: 7)
  --events N    events that are published in each round (default: 20000)`;

const COMPARISONS = ["publish", "consume", "write"] as const;

async function main(): Promise<void> {
  const options = new Options(["only", "rounds", "events"], USAGE);
  const only = options.text("only");
  if (only !== undefined && !COMPARISONS.some((name) => name === only)) {
    throw new UsageError(`--only is ${JSON.stringify(only)}: expected ${COMPARISONS.join(", ")}\n${USAGE}`);
  }
  const rounds = options.integer("rounds", 1) ?? 7;
  const events = options.integer("events", 500) ?? 20_000;
  console.log("Starting servers ...");
  const servers = await startServersOrThrow();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void servers.remove().finally(() => process.exit(130)));
  }
  try {
    await compareAll(servers, { only, rounds, events });
  } finally {
    await servers.remove();
  }
}

async function compareAll(
  servers: RealServers,
  { only, rounds, events }: { only: string | undefined; rounds: number; events: number },
): Promise<void> {
  const config = configOrThrow({
    NAMESPACE: "bench-events",
    DATABASE_URL: servers.databaseUrl,
    REDIS_URL: servers.redisUrl,
    KAFKA_BROKERS: servers.kafkaBrokers,
    MONGO_URL: servers.mongoUrl,
  });
  const logger = new ServiceBroker({ logLevel: "error" }).getLogger("bench");
  const database = new Database(config.database);
  try {
    await migrateUp(database, config.database);
    const comparisons: Record<(typeof COMPARISONS)[number], () => Promise<Findings>> = {
      publish: () => comparePublishing({ config, database, logger, rounds, events }),
      consume: () => compareConsuming(config, rounds),
      write: () => compareWriting(database, config.events.timeZone, rounds),
    };
    for (const name of COMPARISONS) {
      if (only !== undefined && only !== name) continue;
      const { figures, missed } = await comparisons[name]();
      for (const figure of figures) console.log(`${name}: ${figure}`);
      for (const miss of missed) console.log(`${name}: MISSED: ${miss}`);
      if (missed.length > 0) process.exitCode = 1;
    }
  } finally {
    await database.close();
  }
}

await runScript(main);

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../config/child-environment.ts";
import { Options, runScript, UsageError } from "./terminal/options.ts";
import { type RealServers, startServersOrThrow } from "./verify/events/real-servers.ts";
import { GROUP_NAMES } from "./verify/mesh/groups.ts";

const USAGE = `usage: npm run test:mesh [-- options]
  Runs the HTTP tests over seven processes, one for each group of services, on real stores of its own: once through the
  gateway of each group.
  --only S   ${GROUP_NAMES.join(", ")}; default: all of them
  --tests S  a folder or file of tests (default: test/http)`;
const VITEST = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));

async function main(): Promise<void> {
  const options = new Options(["only", "tests"], USAGE);
  const only = options.text("only");
  const chosen = GROUP_NAMES.filter((group) => only === undefined || only === group);
  if (chosen.length === 0) {
    throw new UsageError(`--only is ${JSON.stringify(only)}: expected ${GROUP_NAMES.join(", ")}\n${USAGE}`);
  }
  const tests = options.text("tests") ?? "test/http";
  console.log("Starting servers ...");
  const servers = await startServersOrThrow();
  const outcomes: string[] = [];
  try {
    for (const group of chosen) {
      const began = performance.now();
      const code = await runTests(group, tests, servers);
      const seconds = ((performance.now() - began) / 1_000).toFixed(0);
      outcomes.push(`${group.padEnd(10)} ${code === 0 ? "passed" : "FAILED"} in ${seconds} s`);
      if (code !== 0) process.exitCode = 1;
    }
  } finally {
    await servers.remove();
  }
  console.log(`\n${tests}, seven processes, through the gateway of\n  ${outcomes.join("\n  ")}`);
}

async function runTests(group: string, tests: string, servers: RealServers): Promise<number> {
  console.log(`\nThrough the gateway of ${group}`);
  const env = childEnvironment({
    TEST_MESH: group,
    TEST_DATABASE_URL: servers.databaseUrl,
    TEST_DATABASE_READ_URL: "",
    TEST_REDIS_URL: servers.redisUrl,
    TEST_KAFKA_BROKERS: servers.kafkaBrokers,
    TEST_MONGO_URL: servers.mongoUrl,
    TEST_TYPESENSE_URL: "",
  });
  // One file at a time, and patiently: each starts seven processes, and some start them again and again.
  const args = ["run", "--maxWorkers=1", "--testTimeout=300000", "--hookTimeout=300000", tests];
  const child = spawn(process.execPath, [VITEST, ...args], { stdio: "inherit", env });
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}

await runScript(main);

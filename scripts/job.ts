import { type Config, loadConfigOrThrow } from "../config/index.ts";
import { JOBS, type Job } from "../config/jobs.ts";
import { SERVICE_NAMES } from "../config/services.ts";

/**
 * `npm run job -- <name>...` runs jobs to their end, one after the other, for CronJobs and by hand: a node of its own,
 * without a gateway. In a mesh it asks the nodes that own the work; alone it owns everything itself.
 * Exits with 1 when one of them failed; the others ran all the same.
 */

/** Milliseconds to find the owners in the mesh. */
const DISCOVERY_TIMEOUT = 10_000;

const jobs = jobsOrEnd(process.argv.slice(2));
const configuration = loadConfigOrThrow({ JOBS: "off", METRICS_PORT: "0", SERVICES: "batch" });
const isMesh = configuration.mesh.transporter !== undefined;
// Only now: a wrong name should be told before half a second of modules is loaded.
const { startApplication } = await import("../application.ts");
const application = await startApplication(isMesh ? configuration : everythingIn());
try {
  for (const job of jobs) await run(job);
} finally {
  await application.stop();
}
process.exit();

async function run({ name, action }: Job): Promise<void> {
  const { broker } = application;
  try {
    if (isMesh) await broker.waitForServices(action.split(".", 1), DISCOVERY_TIMEOUT);
    const result = await broker.call("batch.runJob", { name }, { timeout: 0 });
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } catch (error) {
    process.stderr.write(`job: ${name} failed: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

function jobsOrEnd(names: readonly string[]): readonly Job[] {
  const known = JOBS.map(({ name }) => name);
  const unknown = names.length === 0 ? "" : names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    process.stderr.write(
      `job: unknown job ${JSON.stringify(unknown)}: expected one or more of ${known.join(", ")}\n`,
    );
    process.exit(2);
  }
  return JOBS.filter(({ name }) => names.includes(name));
}

function everythingIn(): Config {
  const services = SERVICE_NAMES.filter((service) => service !== "api").join(",");
  return loadConfigOrThrow({ JOBS: "off", METRICS_PORT: "0", SERVICES: services });
}

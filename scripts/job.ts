import { JOBS, type Job } from "../config/jobs.ts";
import { DISCOVERY_TIMEOUT, startOneShot } from "./one-shot.ts";

/**
 * `npm run job -- <name>...` runs jobs to their end, one after the other, for CronJobs and by hand. It exits with 1
 * when one of them failed; the others ran all the same.
 */

const jobs = jobsOrEnd(process.argv.slice(2));
const { broker, isMesh, stop } = await startOneShot();
try {
  for (const job of jobs) await run(job);
} finally {
  await stop();
}
process.exit();

async function run({ name, action }: Job): Promise<void> {
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

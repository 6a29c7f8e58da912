import { startApplication } from "../application.ts";
import { loadConfigOrThrow } from "../config/index.ts";
import { JOBS } from "../config/jobs.ts";
import { SERVICE_NAMES } from "../config/services.ts";

/** `npm run job -- <name>` runs one job to its end, for CronJobs and by hand: a node of its own, without a gateway. */
const name = process.argv[2] ?? "";
if (!JOBS.some((job) => job.name === name)) {
  process.stderr.write(
    `job: unknown job ${JSON.stringify(name)}: expected one of ${JOBS.map((job) => job.name).join(", ")}\n`,
  );
  process.exit(2);
}
const services = SERVICE_NAMES.filter((service) => service !== "api").join(",");
const application = await startApplication(
  loadConfigOrThrow({ SERVICES: services, JOBS: "off", METRICS_PORT: "0" }),
);
try {
  const result = await application.broker.call("batch.runJob", { name }, { timeout: 0 });
  process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  process.stderr.write(`job: ${name} failed: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  await application.stop();
}
process.exit();

import { parseArgs } from "node:util";
import { startApplication } from "../application.ts";
import { loadConfigOrThrow } from "../config/index.ts";
import { SERVICE_NAMES } from "../config/services.ts";

const USAGE = `usage: npm run events -- replay --date yyyyMMdd [--family F] [--type T] [--dry-run]
       npm run events -- republish --from ISO --to ISO
       npm run events -- lag
  replay     reads one dated topic again and puts the activity records right that were made of it
  republish  sends kept events of a span again; consumers drop what they know
  lag        what consumers have not read yet`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    family: { type: "string" },
    date: { type: "string" },
    type: { type: "string" },
    "dry-run": { type: "boolean", default: false },
    from: { type: "string" },
    to: { type: "string" },
  },
});

/** The action behind each command, and what it takes. */
const COMMANDS: Readonly<Record<string, () => [action: string, params: object]>> = {
  replay: () => {
    const { family, date, type, "dry-run": dryRun } = values;
    return [
      "activity.replayTopic",
      { date, dryRun, ...(family ? { family } : {}), ...(type ? { type } : {}) },
    ];
  },
  republish: () => ["batch.republishEvents", { from: values.from, to: values.to }],
  lag: () => ["batch.topicLag", {}],
};

const command = COMMANDS[positionals[0] ?? ""];
if (!command) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}
const [action, params] = command();
const services = SERVICE_NAMES.filter((service) => service !== "api").join(",");
const application = await startApplication(
  loadConfigOrThrow({ SERVICES: services, JOBS: "off", METRICS_PORT: "0" }),
);
try {
  const result = await application.broker.call(action, params, { timeout: 0 });
  process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  const { message, data } = error as Error & { data?: { errors?: { field: string }[] } };
  const fields = data?.errors?.map(({ field }) => field).join(", ");
  process.stderr.write(`events: ${message}${fields ? ` (${fields})` : ""}\n`);
  process.exitCode = 1;
} finally {
  await application.stop();
}
process.exit();

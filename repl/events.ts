import { commandGroup, LONG } from "./command-group.ts";
import { UsageError } from "./failure-text.ts";
import { card } from "./table.ts";

const text = { type: "string" } as const;

/** Moleculer's REPL has a command `events`, too; its lines with one of these words are ours. */
const REGISTERED_AS = "eventlog";

/** Corrections afterwards. */
export const events = commandGroup(
  "events",
  {
    replay: {
      options: { date: text, family: text, type: text, "dry-run": { type: "boolean" } },
      requires: ["date"],
      purpose: "reads the topic of one date (yyyyMMdd) again and puts the activity records right",
      async run(call, { options: { date, family, type, "dry-run": dryRun = false } }) {
        if (!/^\d{8}$/.test(String(date)))
          throw new UsageError(`--date is ${date}: expected a date such as 20261125`);
        const params = { date, dryRun, ...(family ? { family } : {}), ...(type ? { type } : {}) };
        const report = await call<Record<string, number>>("activity.replayTopic", params, LONG);
        return `${dryRun ? "would have replayed" : "replayed"} ${date}\n${card(report)}`;
      },
    },
    republish: {
      options: { from: text, to: text },
      requires: ["from", "to"],
      purpose: "sends kept events of a span again (ISO times); consumers drop what they know",
      async run(call, { options: { from, to } }) {
        const span = { from: instantOrThrow("from", from), to: instantOrThrow("to", to) };
        const { republished } = await call<{ republished: number }>("batch.republishEvents", span, LONG);
        return `${republished} events wait to be sent again`;
      },
    },
  },
  REGISTERED_AS,
);

/** The line as moleculer-repl must get it, so that `events replay` is ours and plain `events` stays its own. */
export function withOwnEvents(line: string): string {
  return line.replace(/^(\s*)events(\s+(?:replay|republish)\b)/, `$1${REGISTERED_AS}$2`);
}

function instantOrThrow(name: string, value: string | boolean | undefined): string {
  const ms = Date.parse(String(value));
  if (Number.isNaN(ms))
    throw new UsageError(`--${name} is ${value}: expected a time such as 2026-11-25T09:00:00Z`);
  return new Date(ms).toISOString();
}

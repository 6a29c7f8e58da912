import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { loadAll } from "js-yaml";
import type { Usage } from "./process-usage.ts";
import { type Requirements, requirementsOf, type Targets } from "./requirements.ts";
import { ROLE_NAMES, type Role } from "./role-loads.ts";

const TABLE = fileURLToPath(new URL("../../kubernetes/base/table/groups.yaml", import.meta.url));
const MEASURED = fileURLToPath(new URL("../../kubernetes/measured.json", import.meta.url));

export type Usages = Record<Role, Usage>;

/** What was measured: of every role while idle, under each role's own share of work, while all read, while all write. */
export interface Figures {
  readonly seconds: number;
  /** Requests a second of each load. */
  readonly rates: Readonly<Record<string, number>>;
  readonly measured: Readonly<Record<string, Usages>>;
  /** Of one run of a CronJob. */
  readonly job: Usage;
}

/** What the manifests are made from, as the last `npm run measure:roles -- --write yes` left it. */
export function figures(): Figures {
  return JSON.parse(readFileSync(MEASURED, "utf8")) as Figures;
}

export async function write(measured: Figures): Promise<void> {
  const processor = `${cpus().length} x ${cpus()[0]?.model}`;
  await writeFile(MEASURED, `${JSON.stringify({ processor, ...measured }, null, 2)}\n`);
}

/**
 * What the pods of a role ask for: processor as used under its own share of work, memory as held at any time, and its
 * autoscaler's targets.
 */
export function requirementsOfRole({ measured }: Figures, role: Role): Requirements {
  const own = measured[role]?.[role];
  if (!own) throw new Error(`${role} was not measured`);
  const memory = Math.max(...Object.values(measured).map((usages) => usages[role].memory));
  return requirementsOf({ cpu: own.cpu, memory }, targetsOf(role));
}

export function printed(all: Figures): string {
  const { measured, job } = all;
  const names = Object.keys(measured).filter((name) => !ROLE_NAMES.includes(name as Role));
  const cell = ({ cpu, memory }: Usage) => `${cpu}m ${memory}Mi`.padEnd(13);
  const line = (role: Role) => {
    const usages = [...names, role].map((name) => measured[name]?.[role] as Usage);
    const { cpu, memory, memoryLimit } = requirementsOfRole(all, role);
    const table = `resources: {cpu: ${cpu}, memory: ${memory}, memoryLimit: ${memoryLimit}}`;
    return `${role.padEnd(10)}${usages.map(cell).join("")}${table}`;
  };
  const head = [...names, "own share"].map((name) => name.padEnd(13)).join("");
  return [`${"".padEnd(10)}${head}`, ...ROLE_NAMES.map(line), `${"a job".padEnd(10)}${cell(job)}`].join("\n");
}

function targetsOf(role: Role): Targets {
  const rows = loadAll(readFileSync(TABLE, "utf8")) as {
    metadata: { name: string };
    row: { scale: Targets };
  }[];
  const found = rows.find(({ metadata }) => metadata.name === role);
  if (!found) throw new Error(`the table has no row of ${role}`);
  return found.row.scale;
}

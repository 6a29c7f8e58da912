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

/** Work on the product as a whole: how many times what was measured two pods of each group must bear, and what grows. */
export const WORK: Readonly<Record<string, { readonly times: number; readonly grows: readonly Role[] }>> = {
  reads: { times: 8, grows: ["timeline", "search"] },
  writes: { times: 4, grows: ["content"] },
};

/** What each of so many pods of a role uses while there is that work. */
export function usageUnder({ measured }: Figures, work: string, role: Role, pods: number): Usage {
  const [idle, busy] = [measured.idle?.[role], measured[work]?.[role]];
  if (!idle || !busy) throw new Error(`${role} was not measured under ${work}`);
  const more = Math.max(0, busy.cpu - idle.cpu) * (WORK[work]?.times ?? 1);
  return { cpu: idle.cpu + more / pods, memory: busy.memory };
}

/**
 * What the pods of a role ask for: processor as used under its own share of work, or as two pods use under the
 * consequences of others' work (activity records what content writes); memory as held at any time.
 */
export function requirementsOfRole(all: Figures, role: Role): Requirements {
  const own = all.measured[role]?.[role];
  if (!own) throw new Error(`${role} was not measured`);
  const others = Object.keys(WORK).filter((work) => !WORK[work]?.grows.includes(role));
  const cpu = Math.max(own.cpu, ...others.map((work) => usageUnder(all, work, role, 2).cpu));
  const memory = Math.max(...Object.values(all.measured).map((usages) => usages[role].memory));
  return requirementsOf({ cpu, memory }, targetsOf(role));
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

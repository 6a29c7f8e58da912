import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Verdict } from "../events/verdict.ts";
import { type Bound, growthOf, isFlat, parts, type Sample } from "./flatness.ts";
import { GROUP_NAMES } from "./groups.ts";
import type { NodeUse } from "./node-sampler.ts";

/** Where every sample goes. */
export const CSV = fileURLToPath(new URL("../../../data/verify-mesh-flat.csv", import.meta.url));
const PARTS = 6;
/** Of the samples. */
const LEAST_SHARE = 0.9;

/** What is looked at, and how much of it may be more at the end of twenty minutes than at their beginning. */
const CURVES: readonly {
  readonly title: string;
  readonly usedOf: (use: NodeUse) => number | undefined;
  readonly bound: Bound;
}[] = [
  { title: "RSS, MiB", usedOf: ({ rssMib }) => rssMib, bound: { absolute: 10, share: 0.1 } },
  {
    title: "heap after a collection, MiB",
    usedOf: ({ collectedMib }) => collectedMib,
    bound: { absolute: 2, share: 0.05 },
  },
  { title: "file handles", usedOf: ({ handles }) => handles, bound: { absolute: 3, share: 0 } },
  {
    title: "SQL connections",
    usedOf: ({ connectionsInUse, connectionsIdle }) => connectionsInUse + connectionsIdle,
    bound: { absolute: 1, share: 0 },
  },
  {
    title: "statements that wait",
    usedOf: ({ statementsWaiting }) => statementsWaiting,
    bound: { absolute: 0.5, share: 0 },
  },
];

export interface Row {
  readonly seconds: number;
  readonly node: string;
  readonly use: NodeUse;
}

/** Compares each curve of each node with its bound; `expected` samples of each should be there. */
export function verdictOf(rows: readonly Row[], expected: number): Verdict {
  const figures: Record<string, string> = {};
  const differences = GROUP_NAMES.flatMap((group) => {
    const count = rows.filter(({ node }) => node === group).length;
    return count >= LEAST_SHARE * expected ? [] : [`${group} answered ${count} times of ${expected}`];
  });
  for (const { title, usedOf, bound } of CURVES) {
    for (const node of GROUP_NAMES) {
      const samples = rows.flatMap((row): Sample[] => {
        const value = row.node === node ? usedOf(row.use) : undefined;
        return value === undefined ? [] : [[row.seconds, value]];
      });
      const { growth } = growthOf(samples);
      figures[`${title}: ${node}`] =
        `${parts(samples, PARTS)}  (${growth < 0 ? "" : "+"}${growth.toFixed(1)} in the last two thirds)`;
      if (!isFlat(samples, bound)) differences.push(`${node}: ${title} grew by ${growth.toFixed(1)}`);
    }
  }
  return { figures, differences };
}

/** Writes what there is so far. */
export async function writeCsv(rows: readonly Row[]): Promise<void> {
  const names = [
    "rssMib",
    "heapMib",
    "collectedMib",
    "handles",
    "connectionsInUse",
    "connectionsIdle",
    "statementsWaiting",
  ] as const;
  const lines = rows.map(({ seconds, node, use }) =>
    [seconds, node, ...names.map((name) => use[name]?.toFixed(name.endsWith("Mib") ? 1 : 0) ?? "")].join(","),
  );
  await mkdir(dirname(CSV), { recursive: true });
  await writeFile(CSV, `${["seconds", "node", ...names].join(",")}\n${lines.join("\n")}\n`);
}

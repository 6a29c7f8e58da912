import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject } from "./api-client.ts";
import { AvailabilityWatch } from "./availability.ts";
import { GROUPS, type SimulatedCluster } from "./cluster.ts";
import type { KubernetesScenario } from "./scenario.ts";
import { type Policy, stepsDown, stepsUp } from "./steps.ts";

/** The design's table, written down here a second time: largest size and policies. */
const SAME = { up: { percent: 50, pods: 2 }, down: { percent: 50, pods: 2 } };
const TABLE: Readonly<Record<string, { largest: number; up: Policy; down: Policy; upWindow?: number }>> = {
  member: { largest: 12, ...SAME },
  content: { largest: 10, ...SAME },
  timeline: { largest: 10, ...SAME },
  activity: { largest: 10, ...SAME },
  search: { largest: 12, ...SAME },
  image: { largest: 15, up: SAME.up, down: { percent: 40, pods: 2 } },
  frontend: { largest: 15, up: { percent: 100, pods: 5 }, down: { percent: 50, pods: 3 }, upWindow: 0 },
};
/** Seconds, as tabled. */
const [UP_WINDOW, DOWN_WINDOW, PERIOD] = [60, 300, 60];
const LOOK_MS = 100;

/** More work than any group can bear, then none: each autoscaler takes the tabled steps, at their times. */
export const autoscalersSteps: KubernetesScenario = async ({ cluster, speed, say }) => {
  await hasten(cluster, speed);
  cluster.metrics.usageOf = () => ({ cpu: 1, memory: 1 });
  await cluster.settled(180_000 + 900_000 / speed);
  const availability = new AvailabilityWatch(cluster);
  const patience = ((DOWN_WINDOW + 12 * PERIOD) / speed + 60) * 1_000;

  cluster.metrics.usageOf = () => ({ cpu: 10_000, memory: 1 });
  const up = await sizesUntil(cluster, (group) => TABLE[group]?.largest, patience);
  say("every group is at its largest");
  const pending = await neverPlaced(cluster);
  cluster.metrics.usageOf = () => ({ cpu: 1, memory: 1 });
  const down = await sizesUntil(cluster, () => 2, patience);
  const { looks, differences } = await availability.stop();

  const shown = (sizes: readonly Size[]) => sizes.map(({ size }) => size).join(" ");
  const wrong = GROUPS.flatMap((group) => {
    const row = TABLE[group];
    if (!row) return [`${group} is not in the table`];
    return [
      ...differing(group, up[group], stepsUp(row.up, row.largest), row.upWindow ?? UP_WINDOW, speed),
      ...differing(group, down[group], stepsDown(row.down, row.largest), DOWN_WINDOW, speed),
    ];
  });
  return {
    figures: {
      "windows and periods, times faster": speed,
      ...Object.fromEntries(
        GROUPS.map((group) => [group, `${shown(up[group] ?? [])} / ${shown((down[group] ?? []).slice(1))}`]),
      ),
      "looks at availability": looks,
      "pending pods at the largest sizes": pending.length,
    },
    differences: [...wrong, ...differences, ...pending.map(({ metadata }) => `${metadata.name} is pending`)],
  };
};

/** Pods that are pending for longer than one that was just made. */
async function neverPlaced(cluster: SimulatedCluster): Promise<readonly KubernetesObject[]> {
  for (let looks = 300; ; looks--) {
    const pending = (await cluster.pods("dailyfeed")).filter(({ status }) => status.phase === "Pending");
    if (pending.length === 0 || looks === 0) return pending;
    await sleep(LOOK_MS);
  }
}

/** Windows and periods pass faster; what they count stays as tabled. */
export async function hasten(cluster: SimulatedCluster, speed: number): Promise<void> {
  if (speed === 1) return;
  const autoscalers = (await cluster.render("overlays/production")).filter(
    ({ kind }) => kind === "HorizontalPodAutoscaler",
  );
  for (const { spec } of autoscalers) {
    for (const rules of Object.values(spec.behavior) as KubernetesObject[]) {
      rules.stabilizationWindowSeconds = Math.ceil(rules.stabilizationWindowSeconds / speed);
      for (const policy of rules.policies) policy.periodSeconds = Math.ceil(policy.periodSeconds / speed);
    }
  }
  await cluster.apply(autoscalers);
}

interface Size {
  readonly size: number;
  /** Seconds since the work changed. */
  readonly at: number;
}

/** Every size that each group's autoscaler set, until all are at the wanted one. */
async function sizesUntil(
  cluster: SimulatedCluster,
  wanted: (group: string) => number | undefined,
  patienceMs: number,
): Promise<Readonly<Record<string, readonly Size[]>>> {
  const sizes: Record<string, Size[]> = {};
  const began = performance.now();
  while (performance.now() - began < patienceMs) {
    for (const { metadata, spec } of await cluster.deployments()) {
      const group = String(metadata.name).replace("dailyfeed-", "");
      sizes[group] ??= [];
      const known = sizes[group];
      if (known.at(-1)?.size !== spec.replicas)
        known.push({ size: spec.replicas, at: (performance.now() - began) / 1_000 });
    }
    if (GROUPS.every((group) => sizes[group]?.at(-1)?.size === wanted(group))) break;
    await sleep(LOOK_MS);
  }
  return sizes;
}

/** One line where the sizes aren't the tabled ones, or a step came before its window or period had passed. */
function differing(
  group: string,
  sizes: readonly Size[] = [],
  expected: readonly number[],
  window: number,
  speed: number,
): string[] {
  const took = sizes.map(({ size }) => size).join(" ");
  if (took !== expected.join(" ")) return [`${group} went ${took}, the table says ${expected.join(" ")}`];
  // Two seconds: looks of the autoscaler and ours.
  const early = sizes.slice(1).filter(({ at }, index) => {
    const since = index === 0 ? 0 : (sizes[index]?.at ?? 0);
    return at - since < (index === 0 ? window : PERIOD) / speed - 2;
  });
  return early.map(({ size, at }) => `${group} went to ${size} too early, at ${at.toFixed(1)} s`);
}

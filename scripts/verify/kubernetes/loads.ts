import { figures } from "../../measure/figures.ts";
import type { Usage } from "../../measure/process-usage.ts";
import type { Role } from "../../measure/role-loads.ts";
import { hasten } from "./autoscaling.ts";
import { GROUPS } from "./cluster.ts";
import type { KubernetesScenario } from "./scenario.ts";

/** Each of two pods would get twice the work that one should bear. */
const TIMES = { reads: 8, writes: 4 } as const;
const GROWING = { reads: ["timeline", "search"], writes: ["content"] } as const;

/**
 * Pods use what real processes were measured to use (kubernetes/measured.json) while people only read, or only write,
 * shared between the pods that there are: only the groups that do that work may grow.
 */
export const whoGrows: KubernetesScenario = async ({ cluster, speed, say }) => {
  await hasten(cluster, speed);
  const shown: Record<string, string> = {};
  const differences: string[] = [];
  for (const load of ["reads", "writes"] as const) {
    cluster.metrics.usageOf = () => ({ cpu: 1, memory: 1 });
    await cluster.settled(180_000 + 900_000 / speed);
    cluster.metrics.usageOf = (group, pods) => usageUnder(load, group as Role, pods);
    const sizes = await cluster.steadySizes(((60 + 60) / speed) * 1_000 * 2);
    const grown = GROUPS.filter((group) => (sizes[group] ?? 0) > 2);
    shown[`${load}, ${TIMES[load] * (figures().rates[load] ?? 0)} requests a second`] = GROUPS.map(
      (group) => `${group} ${sizes[group]}`,
    ).join(", ");
    say(`${load}: ${grown.join(" and ")} grew`);
    if (grown.toSorted().join() !== [...GROWING[load]].sort().join())
      differences.push(`${load} made ${grown.join(", ") || "nothing"} grow, not ${GROWING[load].join(", ")}`);
  }
  return { figures: shown, differences };
};

function usageUnder(load: keyof typeof TIMES, group: Role, pods: number): Usage {
  const { measured } = figures();
  const [idle, busy] = [measured.idle?.[group], measured[load]?.[group]];
  if (!idle || !busy) throw new Error(`${group} was not measured under ${load}`);
  const more = Math.max(0, busy.cpu - idle.cpu) * TIMES[load];
  return { cpu: idle.cpu + more / pods, memory: busy.memory };
}

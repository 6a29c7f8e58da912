import { figures, usageUnder, WORK } from "../../measure/figures.ts";
import type { Role } from "../../measure/role-loads.ts";
import { hasten } from "./autoscaling.ts";
import { GROUPS } from "./cluster.ts";
import type { KubernetesScenario } from "./scenario.ts";

/**
 * Pods use what real processes were measured to use (kubernetes/measured.json) while people only read, or only write,
 * shared between the pods that there are: only the groups that do that work may grow.
 */
export const whoGrows: KubernetesScenario = async ({ cluster, speed, say }) => {
  await hasten(cluster, speed);
  const shown: Record<string, string> = {};
  const differences: string[] = [];
  for (const [load, { times, grows }] of Object.entries(WORK)) {
    cluster.metrics.usageOf = () => ({ cpu: 1, memory: 1 });
    await cluster.settled(180_000 + 900_000 / speed);
    cluster.metrics.usageOf = (group, pods) => usageUnder(figures(), load, group as Role, pods);
    const sizes = await cluster.steadySizes(((60 + 60) / speed) * 1_000 * 2);
    const grown = GROUPS.filter((group) => (sizes[group] ?? 0) > 2);
    shown[`${load}, ${times * (figures().rates[load] ?? 0)} requests a second`] = GROUPS.map(
      (group) => `${group} ${sizes[group]}`,
    ).join(", ");
    say(`${load}: ${grown.join(" and ")} grew`);
    if (grown.toSorted().join() !== [...grows].sort().join())
      differences.push(`${load} made ${grown.join(", ") || "nothing"} grow, not ${grows.join(", ")}`);
  }
  return { figures: shown, differences };
};

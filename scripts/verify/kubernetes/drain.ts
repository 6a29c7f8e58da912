import { AvailabilityWatch } from "./availability.ts";
import type { KubernetesScenario } from "./scenario.ts";

const NODE = "node-1";

/** Takes a node out of service: budgets hold, and every pod finds another place. */
export const drainNode: KubernetesScenario = async ({ cluster }) => {
  cluster.metrics.usageOf = () => ({ cpu: 1, memory: 1 });
  await cluster.settled();
  const on = async () =>
    (await cluster.pods("dailyfeed")).filter(
      ({ spec, metadata }) =>
        spec.nodeName === NODE &&
        !metadata.ownerReferences?.some(({ kind }: { kind: string }) => kind === "Job"),
    ).length;
  const before = await on();
  const watch = new AvailabilityWatch(cluster);
  const began = performance.now();
  await cluster.plane.kubectlOrThrow([
    "drain",
    NODE,
    "--ignore-daemonsets",
    "--delete-emptydir-data",
    "--force",
    "--timeout=120s",
  ]);
  const drained = performance.now() - began;
  await cluster.settled();
  const { looks, shown, differences } = await watch.stop();
  const after = await on();
  await cluster.plane.kubectlOrThrow(["uncordon", NODE]);
  return {
    figures: {
      "pods moved": before,
      "drained in, s": (drained / 1_000).toFixed(1),
      "looks meanwhile": looks,
      "available at least, pods at most": shown,
    },
    differences: [
      ...differences,
      ...(before > 0 ? [] : ["there was nothing to drain"]),
      ...(after === 0 ? [] : [`${after} pods are still on the node`]),
    ],
  };
};

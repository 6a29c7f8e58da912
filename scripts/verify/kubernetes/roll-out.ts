import { AvailabilityWatch } from "./availability.ts";
import { GROUPS, SECRETS, volume } from "./cluster.ts";
import type { KubernetesScenario } from "./scenario.ts";

const TAG = "9.9.9";

/** Installs the production overlay, then rolls out another image: no group may have fewer than two pods meanwhile. */
export const installAndRollOut: KubernetesScenario = async ({ cluster, say }) => {
  const objects = await cluster.render("overlays/production");
  const began = performance.now();
  await cluster.apply(objects.filter(({ kind }) => kind === "Namespace"));
  await cluster.apply([SECRETS, volume("dailyfeed-images", "shared-files", "ReadWriteMany"), ...objects]);
  await cluster.rolledOut();
  await cluster.plane.kubectlOrThrow([
    ...["-n", "dailyfeed", "wait", "--for=condition=complete", "job/dailyfeed-migrate", "--timeout=120s"],
  ]);
  await cluster.settled();
  const installed = performance.now() - began;
  say("installed");

  const watch = new AvailabilityWatch(cluster);
  const newer = objects.map((object) =>
    object.kind === "Deployment"
      ? JSON.parse(
          JSON.stringify(object).replaceAll(
            /registry\.example\.com\/dailyfeed:[\w.]+/g,
            `registry.example.com/dailyfeed:${TAG}`,
          ),
        )
      : object,
  );
  await cluster.apply(newer.filter(({ kind }) => kind !== "Job"));
  await cluster.rolledOut();
  const { looks, shown, differences } = await watch.stop();
  const images = (await cluster.deployments()).map(
    ({ spec }) => spec.template.spec.containers[0].image as string,
  );
  const old = images.filter((image) => !image.endsWith(`:${TAG}`));
  const few = shown.split(", ").filter((group) => / [01]-/.test(group));
  return {
    figures: {
      "groups installed": GROUPS.length,
      "until all are ready and the migration is done, s": (installed / 1_000).toFixed(1),
      "looks during the rollout": looks,
      "available at least, pods at most": shown,
    },
    differences: [
      ...differences,
      ...old.map((image) => `still runs ${image}`),
      ...few.map((group) => `fewer than two pods available: ${group}`),
    ],
  };
};

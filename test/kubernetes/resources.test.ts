import { expect, it } from "vitest";
import { figures, requirementsOfRole } from "../../scripts/measure/figures.ts";
import { describeRendered, GROUPS, named, OVERLAYS, rendered } from "./rendered.ts";

/** What pods ask for is what was measured, and leaves the autoscalers room to decide. */

const mebibytes = (quantity: string): number =>
  Number.parseFloat(quantity) * (quantity.endsWith("Gi") ? 1_024 : 1);
const containerOf = (overlay: string, group: string) =>
  named(rendered(`overlays/${overlay}`), "Deployment", `dailyfeed-${group}`).spec.template.spec.containers[0];

describeRendered("requests and limits", () => {
  it.each(GROUPS)("of %s are the measured ones", (group) => {
    const { cpu, memory, memoryLimit } = requirementsOfRole(figures(), group);
    expect(containerOf("production", group).resources).toEqual({
      requests: { cpu, memory },
      limits: { memory: memoryLimit },
    });
  });

  it.each(GROUPS)(
    "an idle pod of %s is below its autoscaler's targets, so that the group shrinks",
    (group) => {
      for (const overlay of OVERLAYS) {
        const { requests } = containerOf(overlay, group).resources;
        const { metrics } = named(
          rendered(`overlays/${overlay}`),
          "HorizontalPodAutoscaler",
          `dailyfeed-${group}`,
        ).spec;
        const [cpu, memory] = metrics.map(
          (metric: { containerResource: { target: { averageUtilization: number } } }) =>
            metric.containerResource.target.averageUtilization / 100,
        );
        const idle = figures().measured.idle?.[group];
        expect(idle?.cpu).toBeLessThan(Number.parseInt(requests.cpu, 10) * cpu);
        expect(idle?.memory).toBeLessThan(mebibytes(requests.memory) * memory);
      }
    },
  );

  it("of the jobs hold what a job was measured to hold", () => {
    const { job } = figures();
    for (const { kind, spec } of rendered("overlays/production")) {
      if (kind !== "CronJob") continue;
      const { resources } = spec.jobTemplate.spec.template.spec.containers[0];
      expect(mebibytes(resources.requests.memory)).toBeGreaterThan(job.memory);
      expect(mebibytes(resources.limits.memory)).toBeGreaterThanOrEqual(2 * job.memory - 32);
    }
  });

  it.each(OVERLAYS)(
    "%s: every group at its largest, with sidecars and two jobs, is within the quota",
    (overlay) => {
      const manifests = rendered(`overlays/${overlay}`);
      // The sidecar's share is in kind/istio.yaml.
      const sidecar = { cpu: 20, memory: 64 };
      const sizes = GROUPS.map((group) => ({
        pods: named(manifests, "HorizontalPodAutoscaler", `dailyfeed-${group}`).spec.maxReplicas as number,
        requests: containerOf(overlay, group).resources.requests,
      }));
      const sum = sizes.reduce(
        (all, { pods, requests }) => ({
          pods: all.pods + pods,
          cpu: all.cpu + pods * (Number.parseInt(requests.cpu, 10) + sidecar.cpu),
          memory: all.memory + pods * (mebibytes(requests.memory) + sidecar.memory),
        }),
        { pods: 0, cpu: 0, memory: 0 },
      );
      const { hard } = named(manifests, "ResourceQuota", "dailyfeed").spec;
      expect(sum.pods + 2).toBeLessThan(Number(hard.pods));
      expect(sum.cpu + 2 * 120).toBeLessThan(Number(hard["requests.cpu"]) * 1_000);
      expect(sum.memory + 2 * 320).toBeLessThan(mebibytes(hard["requests.memory"]));
    },
  );
});

import { until } from "../events/until.ts";
import { type Check, unmet } from "./check.ts";
import { countOf, shownStatuses } from "./client.ts";
import type { Pod } from "./pod.ts";
import type { Gateway, Stage } from "./stage.ts";
import { clusterOf } from "./stand-ins.ts";

const READ = "/timeline/posts";
const READS = 1_000;
const FEWER = 200;
/** Four standard deviations of 10 % of a thousand. */
const TOLERANCE = 38;

/** `scripts/canary.sh` leads 10 % to a second version, then all to one that fails, then none. */
export const canary: Check = async ({ stage }) => {
  const pods = await stage.deploy("timeline", ["v1", "v1", "v2"]);
  const second = pods[2] as Pod;
  const gateway = await stage.openGateway(["timeline"]);
  const token = stage.member.accessToken;
  const reads = async (count: number) => {
    stage.count(pods);
    return gateway.client.repeat(count, READ, { token });
  };
  try {
    await rollOut(stage);
    await lead(stage, gateway, 10);
    const split = await reads(READS);
    const share = second.hits.reads;
    await second.behave({ kind: "fail", status: 500, when: "before" });
    const some = await reads(FEWER);
    await lead(stage, gateway, 100);
    const all = await reads(20);
    const cutOff = performance.now();
    await lead(stage, gateway, 0);
    const seconds = (performance.now() - cutOff) / 1_000;
    const none = await reads(FEWER);
    return {
      figures: {
        "v2 at 10 %": `${share} of ${READS} reads; ${shownStatuses(split)}`,
        "v2 at 10 %, failing": shownStatuses(some),
        "v2 at 100 %, failing": shownStatuses(all),
        "v2 at 0 %": `${shownStatuses(none)}; ${second.hits.reads} reached v2`,
        "from canary.sh 0 to Envoy": `${seconds.toFixed(1)} s`,
      },
      differences: unmet(
        [Math.abs(share - READS / 10) <= TOLERANCE, `v2 got ${share} of ${READS} reads at 10 %`],
        [countOf(split, 200) === READS, `a good canary: ${shownStatuses(split)}`],
        [countOf(some, 200) < FEWER, "a failing v2 at 10 % was not seen"],
        [countOf(all, 200) === 0, `a failing v2 at 100 %: ${shownStatuses(all)}`],
        [countOf(none, 200) === FEWER && second.hits.reads === 0, `v2 at 0 %: ${shownStatuses(none)}`],
      ),
    };
  } finally {
    await second.recover();
    await gateway.close();
  }
};

/** The second version's Deployment, with the status that the controller manager would give it. */
async function rollOut({ cluster: { plane } }: Stage): Promise<void> {
  await plane.kubectlOrThrow(["apply", "-k", "kubernetes/canary/timeline"]);
  const status = {
    observedGeneration: 1,
    replicas: 1,
    updatedReplicas: 1,
    readyReplicas: 1,
    availableReplicas: 1,
  };
  const deployment = ["-n", "dailyfeed", "patch", "deployment", "dailyfeed-timeline-v2"];
  await plane.kubectlOrThrow([
    ...deployment,
    ...["--subresource=status", "--type=merge", "-p", JSON.stringify({ status })],
  ]);
}

/** Sets v2's weight as an operator does, and waits until Envoy has it. */
async function lead({ cluster }: Stage, { envoy }: Gateway, weight: number): Promise<void> {
  const { code, output, errors } = await cluster.plane.run("bash", [
    "scripts/canary.sh",
    "timeline",
    String(weight),
  ]);
  if (code !== 0) throw new Error(`canary.sh ${weight}: ${output}${errors}`);
  const second = clusterOf("timeline", "v2");
  await until(`Envoy leads ${weight} % to v2`, async () => {
    const weights = (await envoy.routes("timeline")).map(
      ({ clusters }) => clusters.find(({ name }) => name === second)?.weight ?? 0,
    );
    return weights.length === 2 && weights.every((one) => one === weight);
  });
}

import { setTimeout as sleep } from "node:timers/promises";
import { type Check, unmet } from "./check.ts";
import { countOf } from "./client.ts";
import { OUTLIERS } from "./design.ts";
import type { Pod } from "./pod.ts";
import type { Gateway, Stage } from "./stage.ts";
import { clusterOf } from "./stand-ins.ts";

const READ = "/member-activities";
const READS = 40;
const CLUSTER = clusterOf("activity");
/** What a busy machine adds, at most (seconds). */
const SLACK = 10;

/**
 * One of two pods fails: it is ejected after the table's number of errors, and gets nothing until `baseEjectionTime` is
 * over; Envoy looks each `interval`.
 */
export const ejection: Check = async ({ stage, say, goOn }) => {
  const kinds = [
    { status: 500, errors: OUTLIERS.consecutive5xxErrors },
    { status: 503, errors: OUTLIERS.consecutiveGatewayErrors },
  ] as const;
  const pods = await stage.deploy("activity", ["v1", "v1"]);
  const [failing] = pods as [Pod];
  const figures: Record<string, string> = {};
  const differences: string[] = [];
  const ejected: { status: number; gateway: Gateway; at: number }[] = [];
  for (const { status, errors } of kinds) {
    const gateway = await stage.openGateway(["activity"]);
    await failing.behave({ kind: "fail", status, when: "before" });
    stage.count(pods);
    const sent = await gateway.client.repeat(READS, READ, { token: stage.member.accessToken });
    const at = performance.now();
    const out = await gateway.envoy.ejected(CLUSTER);
    figures[`a pod that answers ${status}`] =
      `${out.includes(failing.port) ? "ejected" : "NOT ejected"} after ${failing.hits.reads} errors; ${countOf(sent, 200)} of ${READS} reads good`;
    differences.push(
      ...unmet(
        [out.join() === String(failing.port), `${status}: ejected are ${out.join() || "none"}`],
        [failing.hits.reads === errors, `${status}: ${failing.hits.reads} errors, expected ${errors}`],
        [countOf(sent, 200) === READS, `${status}: not every read was answered with 200`],
      ),
    );
    ejected.push({ status, gateway, at });
  }
  await failing.recover();
  say(`ejected; back in ${OUTLIERS.baseEjectionTime} to ${OUTLIERS.baseEjectionTime + OUTLIERS.interval} s`);
  goOn();
  for (const { status, gateway, at } of ejected) {
    await untilBack(gateway, at);
    const seconds = (performance.now() - at) / 1_000;
    const isInTime =
      seconds > OUTLIERS.baseEjectionTime - SLACK &&
      seconds < OUTLIERS.baseEjectionTime + OUTLIERS.interval + SLACK;
    const after = await readsAfter(stage, gateway, pods);
    figures[`the one that answered ${status}, mended`] =
      `back after ${seconds.toFixed(0)} s; got ${failing.hits.reads} of ${READS} reads, ${after} good`;
    differences.push(
      ...unmet(
        [isInTime, `${status}: back after ${seconds.toFixed(0)} s`],
        [failing.hits.reads > 0, `${status}: it got no request after its return`],
        [after === READS, `${status}: not every read was good after its return`],
      ),
    );
    await gateway.close();
  }
  return { figures, differences };
};

async function readsAfter(stage: Stage, { client }: Gateway, pods: readonly Pod[]): Promise<number> {
  stage.count(pods);
  return countOf(await client.repeat(READS, READ, { token: stage.member.accessToken }), 200);
}

async function untilBack({ envoy }: Gateway, since: number): Promise<void> {
  const deadline = since + 1_000 * 2 * (OUTLIERS.baseEjectionTime + OUTLIERS.interval);
  while ((await envoy.ejected(CLUSTER)).length > 0) {
    if (performance.now() > deadline) throw new Error("an ejected pod does not come back");
    await sleep(1_000);
  }
}

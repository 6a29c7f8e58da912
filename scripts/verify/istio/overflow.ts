import { until } from "../events/until.ts";
import { type Check, unmet } from "./check.ts";
import { countOf, type Sent, shownStatuses } from "./client.ts";
import { DESIGN } from "./design.ts";
import type { Pod } from "./pod.ts";
import type { Stage } from "./stage.ts";
import { clusterOf, type Version } from "./stand-ins.ts";

/** The group whose tries last longest: its answers can be held while everybody comes. */
const { maxConnections, pendingRequests, http2Requests } = DESIGN.image;
const SURPLUS = 40;
const WAVE = 50;
/** A refusal is at once when it comes within this time (milliseconds), though hundreds are refused by a busy machine. */
const AT_ONCE_MS = 1_500;

/**
 * More requests at a time than there is room for, while the pods hold their answers. One pod: its sidecar gives the process
 * `maxConnections` and lets `http1MaxPendingRequests` wait. Three pods: the gateway itself sends `http2MaxRequests`.
 */
export const overflow: Check = async ({ stage, say }) => {
  const path = `/images/view/${await stage.uploadPicture()}`;
  const one = await crowd(stage, path, ["v1"], maxConnections + pendingRequests);
  say("one pod's pool and pending requests are full");
  const three = await crowd(stage, path, ["v1", "v1", "v1"], http2Requests);
  return {
    figures: {
      [`one pod, ${maxConnections} + ${pendingRequests} and ${SURPLUS} more`]: one.shown,
      [`three pods, ${http2Requests} and ${SURPLUS} more`]: three.shown,
    },
    differences: [...one.differences, ...three.differences],
  };
};

async function crowd(stage: Stage, path: string, versions: readonly Version[], room: number) {
  const pods = await stage.deploy("image", versions);
  for (const pod of pods) await pod.behave({ kind: "hold", when: "before" });
  const { client, envoy, close } = await stage.openGateway(["image"]);
  const answered: Sent[] = [];
  const sending: Promise<void>[] = [];
  const active = () => envoy.statistic(clusterOf("image"), "upstream_rq_active");
  try {
    for (let total = 0; total < room + SURPLUS; ) {
      const wave = Math.min(WAVE, room - total > 0 ? room - total : SURPLUS);
      for (let index = 0; index < wave; index++) {
        sending.push(client.send(path).then((sent) => void answered.push(sent)));
      }
      total += wave;
      await until(`${total} requests are held or answered`, async () => {
        return (await active()) + answered.length === total;
      });
    }
    const refused = [...answered];
    const held = pods.reduce((sum, pod: Pod) => sum + pod.held, 0);
    for (const pod of pods) await pod.recover();
    await Promise.all(sending);
    const rest = answered.slice(refused.length);
    const slowest = Math.max(...refused.map(({ milliseconds }) => milliseconds));
    return {
      shown: `at once ${shownStatuses(refused)} (slowest ${slowest.toFixed(0)} ms); ${held} held by pods; then ${shownStatuses(rest)}`,
      differences: unmet(
        [
          countOf(refused, 503) === SURPLUS && refused.length === SURPLUS,
          `refused: ${shownStatuses(refused)}`,
        ],
        [slowest < AT_ONCE_MS, `a refusal took ${slowest.toFixed(0)} ms`],
        [countOf(rest, 200) === room, `the rest, room for ${room}: ${shownStatuses(rest)}`],
      ),
    };
  } finally {
    for (const pod of pods) await pod.recover();
    await Promise.allSettled(sending);
    await close();
  }
}

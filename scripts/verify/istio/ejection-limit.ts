import { type Check, unmet } from "./check.ts";
import { countOf, shownStatuses } from "./client.ts";
import { OUTLIERS } from "./design.ts";
import { clusterOf } from "./stand-ins.ts";

const READ = "/timeline/posts";
const READS = 30;
const PODS = 4;

/** Every pod fails: not more than `maxEjectionPercent` are ejected, so that the rest is there when they are mended. */
export const ejectionLimit: Check = async ({ stage }) => {
  const pods = await stage.deploy("timeline", ["v1", "v1", "v1", "v1"]);
  const gateway = await stage.openGateway(["timeline"]);
  const { client, envoy } = gateway;
  const cluster = clusterOf("timeline");
  try {
    for (const pod of pods) await pod.behave({ kind: "fail", status: 500, when: "before" });
    const token = stage.member.accessToken;
    const failed = await client.repeat(READS, READ, { token });
    const ejected = await envoy.ejected(cluster);
    const refused = await envoy.statistic(cluster, "outlier_detection.ejections_overflow");
    for (const pod of pods) await pod.recover();
    stage.count(pods);
    const mended = await client.repeat(READS, READ, { token });
    const serving = pods.filter(({ hits }) => hits.reads > 0).length;
    return {
      figures: {
        "all four pods answer 500": `clients saw ${shownStatuses(failed)}`,
        "ejected, limit 50 %": `${ejected.length} of ${PODS}; ${refused} ejections not done`,
        "all mended": `${shownStatuses(mended)}, from ${serving} pods`,
      },
      differences: unmet(
        [countOf(failed, 500) === READS, `clients saw ${shownStatuses(failed)} instead of the pods' 500`],
        [
          ejected.length === (PODS * OUTLIERS.maxEjectionPercent) / 100,
          `${ejected.length} of ${PODS} pods are ejected, limit ${OUTLIERS.maxEjectionPercent} %`,
        ],
        [refused > 0, "no ejection was held back"],
        [countOf(mended, 200) === READS, `after mending: ${shownStatuses(mended)}`],
      ),
    };
  } finally {
    await gateway.close();
  }
};

import { type Check, unmet } from "./check.ts";
import { DESIGN, GROUP_NAMES, type GroupName } from "./design.ts";
import type { Gateway, Stage } from "./stage.ts";

/** What a busy machine adds, at most (seconds). */
const SLACK = 1.5;

const PATHS: Readonly<Record<GroupName, string>> = {
  member: "/members/verify",
  content: "/posts/verify",
  timeline: "/timeline/verify",
  activity: "/member-activities/verify",
  search: "/search/verify",
  image: "/images/verify",
};

/**
 * Each group with a pod that answers nobody. A read is tried anew after each `perTryTimeout` and cut off at the table's
 * time-out; a write has one try, so it is cut off after that.
 */
export const timeOuts: Check = async ({ stage }) => {
  for (const group of GROUP_NAMES) {
    const [pod] = await stage.deploy(group, ["v1"]);
    await pod?.behave({ kind: "hold", when: "before" });
  }
  const gateway = await stage.openGateway();
  try {
    const verdicts = await Promise.all(GROUP_NAMES.map((group) => cutOff(stage, gateway, group)));
    return {
      figures: Object.assign({}, ...verdicts.map(({ figures }) => figures)),
      differences: verdicts.flatMap(({ differences }) => differences),
    };
  } finally {
    for (const group of GROUP_NAMES) await stage.product.pods[group][0]?.recover();
    await gateway.close();
  }
};

async function cutOff(stage: Stage, { client }: Gateway, group: GroupName) {
  const { timeout, perTryTimeout } = DESIGN[group];
  const [read, write] = await Promise.all([
    client.send(PATHS[group]),
    client.send(PATHS[group], { method: "POST", body: {} }),
  ]);
  const hits = stage.product.pods[group][0]?.hits ?? { reads: 0, writes: 0 };
  const tries = Math.ceil(timeout / perTryTimeout);
  const shown = ({ status, milliseconds }: typeof read) =>
    `${status} after ${(milliseconds / 1_000).toFixed(2)} s`;
  const isAt = ({ milliseconds }: typeof read, seconds: number) =>
    milliseconds / 1_000 > seconds - 0.1 && milliseconds / 1_000 < seconds + SLACK;
  return {
    figures: {
      [`${group}: a read, time-out ${timeout} s`]: `${shown(read)}, ${hits.reads} tries`,
      [`${group}: a write, one try of ${perTryTimeout} s`]: `${shown(write)}, ${hits.writes} tries`,
    },
    differences: unmet(
      [
        read.status === 504 && isAt(read, timeout),
        `${group}: a read is not cut off with 504 after ${timeout} s`,
      ],
      [hits.reads === tries, `${group}: ${hits.reads} tries of a read, expected ${tries}`],
      [
        write.status === 504 && isAt(write, perTryTimeout),
        `${group}: a write is not cut off after ${perTryTimeout} s`,
      ],
      [hits.writes === 1, `${group}: ${hits.writes} tries of a write, expected 1`],
    ),
  };
}

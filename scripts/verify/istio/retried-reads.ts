import { type Check, unmet } from "./check.ts";
import { countOf, shownStatuses } from "./client.ts";
import type { Behaviour } from "./pod.ts";
import type { Stage } from "./stage.ts";
import { clusterOf } from "./stand-ins.ts";

const READ = "/timeline/posts";
const READS = 20;
/** Not more than the table's maxRetries: so many may be tried anew at a time. */
const AT_ONCE = 3;

const FAILURES: Readonly<Record<string, Behaviour>> = {
  "answers 503": { kind: "fail", status: 503, when: "before" },
  "answers 500": { kind: "fail", status: 500, when: "before" },
  "answers 409": { kind: "fail", status: 409, when: "before" },
  "has no process behind its sidecar": { kind: "refuse" },
};

/** One of two pods fails in one way or another: reads that meet it are tried at the other, and all are answered with 200. */
export const retriedReads: Check = async ({ stage }) => {
  const figures: Record<string, string> = {};
  const differences: string[] = [];
  const look = async (what: string, reads: Awaited<ReturnType<typeof readsOf>>) => {
    figures[`one of two pods ${what}`] =
      `${reads.statuses}; ${reads.met} met it, tried anew ${reads.retries} times`;
    differences.push(
      ...unmet(
        [reads.good === reads.sent, `a pod ${what}: not every read was answered with 200`],
        [reads.retries > 0, `a pod ${what}: no read met it`],
      ),
    );
  };
  for (const [what, behaviour] of Object.entries(FAILURES)) {
    await look(what, await readsOf(stage, behaviour, 1));
  }
  await look("hangs", await readsOf(stage, { kind: "hold", when: "before" }, AT_ONCE));
  await look("is gone", await readsOf(stage, undefined, 1));
  return { figures, differences };
};

/** Without a behaviour, an endpoint where nothing listens takes the failing pod's place. */
async function readsOf(stage: Stage, behaviour: Behaviour | undefined, atOnce: number) {
  const [failing] = behaviour
    ? await stage.deploy("timeline", ["v1", "v1"])
    : await stage.deploy("timeline", ["v1"], 1);
  if (behaviour) await failing?.behave(behaviour);
  const { client, envoy, close } = await stage.openGateway(["timeline"]);
  const token = stage.member.accessToken;
  try {
    const lines = atOnce === 1 ? [READS] : Array.from({ length: atOnce }, () => 1);
    const sent = (await Promise.all(lines.map((count) => client.repeat(count, READ, { token })))).flat();
    return {
      sent: sent.length,
      good: countOf(sent, 200),
      statuses: shownStatuses(sent),
      met: behaviour && behaviour.kind !== "refuse" ? (failing?.hits.reads ?? 0) : "some",
      retries: await envoy.statistic(clusterOf("timeline"), "upstream_rq_retry"),
    };
  } finally {
    await failing?.recover();
    await close();
  }
}

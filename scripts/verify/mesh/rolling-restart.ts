import { Mesh } from "../events/mesh.ts";
import type { Verdict } from "../events/verdict.ts";
import { lostWrites } from "../load/lost-writes.ts";
import { joinMembers } from "../load/members.ts";
import { MixedLoad } from "../load/mixed-load.ts";
import { percentile, shownFailures } from "../load/report.ts";
import { Balancer } from "./balancer.ts";
import { GROUP_NAMES, startGroup } from "./groups.ts";
import type { MeshScenario } from "./scenario.ts";

const DRAIN_DELAY = "3s";
const MEMBERS = 20;

/** Two processes of each group behind a balancer; each is stopped and started again, one after the other, under load. */
export const rollingRestart: MeshScenario = async ({ servers, rate = 200, say }) => {
  const mesh = await Mesh.create(servers, "rolling");
  try {
    const start = () => Promise.all(GROUP_NAMES.map((group) => startGroup(mesh, group, { DRAIN_DELAY })));
    const processes = [...(await start()), ...(await start())];
    const balancer = await Balancer.start(processes.map(({ url }) => url));
    const members = await joinMembers(balancer.url, MEMBERS);
    const load = new MixedLoad({ urlOf: () => balancer.url, members, rate });
    load.start();
    for (const process of processes) {
      const from = load.failures.length;
      await process.node.stopOrThrow();
      await process.restart();
      await load.passes(rate);
      say(
        `${process.node.id} (${process.group}) is back; ${load.failures.length - from} requests failed meanwhile`,
      );
    }
    await load.stop();
    const lost = await lostWrites(String(mesh.environment.DATABASE_URL), load);
    await mesh.stopOrThrow();
    await balancer.stop();
    const failures = load.failures.filter(({ status }) => status !== 429);
    return {
      figures: {
        "processes restarted": processes.length,
        requests: `${load.sent}, ${rate} a second`,
        "acknowledged writes": load.acknowledged.posts.size + load.acknowledged.comments.size,
        "feed, p50 and p99, ms": `${percentile(load, "feed", 50)}, ${percentile(load, "feed", 99)}`,
        "refused with 429": load.failures.length - failures.length,
      },
      differences: [...shownFailures(failures), ...lost],
    } satisfies Verdict;
  } finally {
    await mesh.remove();
  }
};

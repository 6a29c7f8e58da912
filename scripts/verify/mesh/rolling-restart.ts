import { setTimeout as sleep } from "node:timers/promises";
import { Mesh } from "../events/mesh.ts";
import type { RealServers } from "../events/real-servers.ts";
import type { Verdict } from "../events/verdict.ts";
import { lostWrites } from "../load/lost-writes.ts";
import { joinMembers } from "../load/members.ts";
import { MixedLoad } from "../load/mixed-load.ts";
import { ALL_GROUPS_MIX } from "../load/operations.ts";
import { percentile, shownFailures } from "../load/report.ts";
import { Balancer } from "./balancer.ts";
import { GROUP_NAMES, type GroupName, type GroupProcess, ownerOf, startGroup } from "./groups.ts";
import { processorUse, type Watched } from "./processor-use.ts";
import type { MeshScenario } from "./scenario.ts";
import { type Stop, stopUnderLoad } from "./stop-under-load.ts";

const DRAIN_DELAY_MS = 3_000;
const STOP_WITHIN_MS = 20_000;
const MEMBERS = 20;
/** All fourteen processes are new: what a load of this rate does to them at once isn't looked at here. */
const RAMP_MS = 20_000;
/** Seconds of requests at full speed that are sent before the first restart, in a longer time. */
const WARM_UP_S = 30;
/** The same after each restart: what has just started needs more of the machine. */
const SETTLE_S = 6;
/** What processes do in the first seconds, such as joining their consumer groups, isn't what they do without load. */
const SETTLING_MS = 5_000;
/** How long it is watched what processes use, before the load and at full speed. */
const WATCHED_MS = 10_000;

/** Two processes of each group behind a balancer of their own, as the ingress sends them; each process is stopped and started again, one after the other, under load. */
export const rollingRestart: MeshScenario = async ({ servers, rate = 200, say }) => {
  const mesh = await Mesh.create(servers, "rolling");
  const balancers = new Map<GroupName, Balancer>();
  let load: MixedLoad | undefined;
  try {
    const variables = { DRAIN_DELAY: `${DRAIN_DELAY_MS}ms` };
    const start = () => Promise.all(GROUP_NAMES.map((group) => startGroup(mesh, group, variables)));
    const processes = [...(await start()), ...(await start())];
    for (const group of GROUP_NAMES) {
      const both = processes.filter((process) => process.group === group);
      balancers.set(group, await Balancer.start(both.map(({ url }) => url)));
    }
    const urlOf = (group: GroupName) => String(balancers.get(group)?.url);
    const use = async () => processorUse(await watched(servers, processes), WATCHED_MS);
    const members = await joinMembers(urlOf("member"), MEMBERS);
    await sleep(SETTLING_MS);
    say(`thousandths of a processor without load: ${await use()}`);
    load = new MixedLoad({
      urlOf: (operation) => urlOf(ownerOf(operation)),
      members,
      rate,
      rampMs: RAMP_MS,
      mix: ALL_GROUPS_MIX,
    });
    load.start();
    await load.passes(WARM_UP_S * rate);
    const cold = load.failures.length;
    say(`${load.sent} requests before the first restart; ${cold} failed`);
    say(`thousandths of a processor at ${rate} requests a second: ${await use()}`);
    const stops: Stop[] = [];
    for (const process of processes) {
      const from = load.failures.length;
      const stop = await stopUnderLoad(process);
      stops.push(stop);
      await process.restart();
      await load.passes(SETTLE_S * rate);
      const failed = load.failures.length - from;
      say(
        `${process.group} ended in ${Math.round(stop.ended)} ms and is back; ${failed} requests failed meanwhile`,
      );
    }
    await load.stop();
    const lost = await lostWrites(String(mesh.environment.DATABASE_URL), load);
    await mesh.stopOrThrow();
    const meanwhile = load.failures.slice(cold);
    const failures = meanwhile.filter(({ status }) => status !== 429);
    return {
      figures: {
        "processes restarted": processes.length,
        requests: `${load.sent}, ${rate} a second`,
        "acknowledged writes": load.acknowledged.posts.size + load.acknowledged.comments.size,
        "feed, p50 and p99, ms": `${percentile(load, "feed", 50)}, ${percentile(load, "feed", 99)}`,
        "reads sent again after a lost connection": load.resent,
        "refused with 429": meanwhile.length - failures.length,
        "failed before the first restart": cold,
        "not ready after SIGTERM, ms": span(stops.map(({ unready }) => unready)),
        "served after SIGTERM, ms": span(stops.map(({ served }) => served)),
        "ended with 0 after SIGTERM, ms": span(stops.map(({ ended }) => ended)),
      },
      differences: [
        ...shownFailures(failures),
        ...lost,
        ...stops.flatMap(({ served, ended }, index) => [
          ...(served >= DRAIN_DELAY_MS / 2 ? [] : [`process ${index + 1} didn't serve while draining`]),
          ...(ended <= STOP_WITHIN_MS ? [] : [`process ${index + 1} took ${ended} ms to end`]),
        ]),
      ],
    } satisfies Verdict;
  } finally {
    await load?.stop();
    for (const balancer of balancers.values()) await balancer.stop();
    await mesh.remove();
  }
};

/** Everything that shares the machine, the load and the balancers among it. */
async function watched(servers: RealServers, processes: readonly GroupProcess[]): Promise<Watched[]> {
  const stores = (["db", "redis", "kafka", "mongo"] as const).map(async (name) => ({
    name,
    pid: await servers.pidOf(name),
  }));
  return [
    ...processes.map(({ group, node }) => ({ name: group, pid: node.pid })),
    ...(await Promise.all(stores)),
    { name: "load and balancers", pid: process.pid },
  ];
}

function span(values: readonly number[]): string {
  return `${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))}`;
}

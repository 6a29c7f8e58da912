import { setTimeout as sleep } from "node:timers/promises";
import { Mesh } from "../events/mesh.ts";
import { freePort } from "../events/real-servers.ts";
import type { Verdict } from "../events/verdict.ts";
import { joinMembers } from "../load/members.ts";
import { MixedLoad } from "../load/mixed-load.ts";
import { ALL_GROUPS_MIX } from "../load/operations.ts";
import { shownFailures } from "../load/report.ts";
import { CSV, type Row, verdictOf, writeCsv } from "./flat-curves.ts";
import { GROUP_NAMES, ownersOf, processOf, startGroup } from "./groups.ts";
import { INSPECTED } from "./heap-probe.ts";
import { NodeSampler } from "./node-sampler.ts";
import type { MeshScenario } from "./scenario.ts";

const SAMPLES = 180;
/** A full collection with each of these samples: every two minutes of thirty. */
const COLLECTION_EVERY = 12;
const MEMBERS = 20;

/** Memory, file handles and connections of each process under a long mixed load. */
export const flat: MeshScenario = async ({ servers, rate = 20, minutes, say }) => {
  const mesh = await Mesh.create(servers, "flat");
  const samplers = new Map<string, NodeSampler>();
  let load: MixedLoad | undefined;
  try {
    const ports = await Promise.all(GROUP_NAMES.map(freePort));
    const variables = (index: number) => ({
      METRICS_PORT: String(ports[index]),
      JOBS: "schedule",
      // Half an hour of a machine that others use, too: how fast it is says nothing about what grows.
      CALL_PATIENCE: "10",
      ...INSPECTED,
    });
    const processes = await Promise.all(
      GROUP_NAMES.map((group, index) => startGroup(mesh, group, variables(index))),
    );
    for (const [index, { group, node }] of processes.entries()) {
      samplers.set(group, await NodeSampler.connectOrThrow(Number(ports[index]), node.output));
    }
    const members = await joinMembers(processOf(processes, "member").url, MEMBERS);
    load = new MixedLoad({ urlOf: ownersOf(processes), members, rate, mix: ALL_GROUPS_MIX });
    load.start();
    const rows: Row[] = [];
    for (let index = 0; index <= SAMPLES; index++) {
      await sleep(Math.max((index / SAMPLES) * minutes * 60_000 - load.now, 0));
      const collection = index % COLLECTION_EVERY === 0 ? "with-collection" : "without-collection";
      for (const [node, sampler] of samplers) {
        const seconds = Math.round(load.now / 1_000);
        // A node on a machine that others need, too, may not answer once.
        await sampler.sample(collection).then(
          (use) => rows.push({ seconds, node, use }),
          (error: Error) => say(`${node} has not answered: ${error.message}`),
        );
      }
      if (index % 30 === 0) {
        await writeCsv(rows);
        say(
          `${Math.round(load.now / 60_000)} minutes, ${load.sent} requests, ${load.failures.length} failed`,
        );
      }
    }
    await load.stop();
    for (const sampler of samplers.values()) sampler.close();
    await mesh.stopOrThrow();
    return withLoad(verdictOf(rows, SAMPLES), load);
  } finally {
    await load?.stop();
    await mesh.remove();
  }
};

function withLoad({ figures, differences }: Verdict, load: MixedLoad): Verdict {
  return {
    figures: {
      requests: `${load.sent}${load.failures.length > 0 ? `, failed: ${shownFailures(load.failures).join("; ")}` : ", none failed"}`,
      "every sample": CSV,
      "means of each sixth of the time": "",
      ...figures,
    },
    differences,
  };
}

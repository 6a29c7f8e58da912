import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { NodeProcess } from "../events/node-process.ts";
import type { Verdict } from "../events/verdict.ts";
import type { Stack } from "./stack.ts";

/** One process for each group, as `npm run dev -- --services ...` starts them; the first has the gateway. */
const GROUPS = ["api,auth,member", "content", "timeline", "activity", "search", "image", "batch"];

/** The tour over processes of this machine, against the stores in containers, and the reset. */
export async function hostProcesses(stack: Stack, port: number): Promise<Verdict> {
  await stack.npm("servers:compose");
  const running = (await stack.containers()).map(({ service }) => service).sort();
  const variables = parseEnv(await readFile(".env.local", "utf8")) as Record<string, string>;
  const nodes: NodeProcess[] = [];
  try {
    for (const [index, services] of GROUPS.entries()) {
      const environment = { ...variables, SERVICES: services, PORT: String(port), LOG_LEVEL: "warn" };
      nodes.push(await NodeProcess.startOrThrow(`host-${index}`, environment));
    }
    await stack.bash("scripts/tour.sh", { TOUR_URL: `http://localhost:${port}` });
    await Promise.all(nodes.map((node) => node.stopOrThrow()));
  } finally {
    await Promise.all(nodes.map((node) => node.kill()));
  }
  await stack.npm("servers:compose", "--", "reset");
  const containers = await stack.containers();
  const volumes = (
    await stack.docker("volume", "ls", "--quiet", "--filter", "name=dailyfeed-verify_")
  ).trim();
  return {
    figures: { "stores for the host": running.join(", "), "processes on the host": GROUPS.length },
    differences: [
      ...containers.map(({ service }) => `${service} is left after the reset`),
      ...volumes
        .split("\n")
        .filter(Boolean)
        .map((name) => `the volume ${name} is left after the reset`),
    ],
  };
}

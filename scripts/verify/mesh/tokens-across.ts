import { setTimeout as sleep } from "node:timers/promises";
import { Mesh } from "../events/mesh.ts";
import type { Verdict } from "../events/verdict.ts";
import { joinMembers, type LoadMember } from "../load/members.ts";
import { type GroupProcess, processOf, startGroups } from "./groups.ts";
import { NodeRepl } from "./node-repl.ts";
import type { MeshScenario } from "./scenario.ts";

const WITHIN_MS = 1_000;
const POLL_MS = 20;
const RATE_LIMIT = 60;

/** What one process decides about tokens holds in all others within a second; limits are the mesh's, not a process's. */
export const tokensAcross: MeshScenario = async ({ servers, say }) => {
  const mesh = await Mesh.create(servers, "tokens");
  try {
    const processes = await startGroups(mesh, { RATE_LIMIT: String(RATE_LIMIT) });
    const member = processOf(processes, "member").url;
    const [first, second, third] = await joinMembers(member, 3);
    if (!first || !second || !third) throw new Error("nobody joined");

    // Everywhere known and cached.
    await Promise.all(processes.map((process) => statusOf(process, first)));
    await send(member, "POST", "/authentication/logout", first);
    const loggedOut = await untilAll(processes, async (process) => (await statusOf(process, first)) === 401);
    say("logged out");

    await Promise.all(processes.map((process) => statusOf(process, second)));
    const repl = await NodeRepl.start(mesh.environment);
    const rotation = await repl.run("keys rotate");
    await repl.quit();
    const rotated = await untilAll(processes, async (process) => {
      const { headers } = await send(process.url, "GET", "/members/summary", second);
      return headers.get("x-token-refresh-needed") === "true";
    });
    say(rotation);
    const statuses = await Promise.all(processes.map((process) => statusOf(process, second)));

    const seen: number[] = [];
    for (let index = 0; index < RATE_LIMIT + 20; index++) {
      const process = processes[index % processes.length] as GroupProcess;
      seen.push(await statusOf(process, third));
    }
    const admitted = seen.filter((status) => status === 200).length;
    await mesh.stopOrThrow();
    return {
      figures: {
        "log-out holds in all processes after, ms": Math.round(loggedOut),
        "a new key is the primary in all after, ms": Math.round(rotated),
        "a token of the former key": [...new Set(statuses)].join(", "),
        [`requests admitted of ${seen.length}, limit ${RATE_LIMIT}`]: admitted,
      },
      differences: [
        ...(loggedOut <= WITHIN_MS ? [] : ["a log-out took over a second"]),
        ...(rotated <= WITHIN_MS ? [] : ["a rotation took over a second"]),
        ...(statuses.every((status) => status === 200) ? [] : ["a token of the former key is refused"]),
        ...(Math.abs(admitted - RATE_LIMIT) <= joinRequests ? [] : [`the limit let ${admitted} pass`]),
      ],
    } satisfies Verdict;
  } finally {
    await mesh.remove();
  }
};

/** What a member has asked already while joining: follows count too. */
const joinRequests = 5;

/** Milliseconds until it is so in all of them. */
async function untilAll(
  processes: readonly GroupProcess[],
  isSo: (process: GroupProcess) => Promise<boolean>,
): Promise<number> {
  const began = performance.now();
  for (;;) {
    const asked = performance.now();
    if ((await Promise.all(processes.map(isSo))).every(Boolean)) return asked - began;
    if (asked - began > 30_000) throw new Error("not so in all processes after 30 s");
    await sleep(POLL_MS);
  }
}

async function statusOf({ url }: GroupProcess, member: LoadMember): Promise<number> {
  return (await send(url, "GET", "/members/summary", member)).status;
}

async function send(url: string, method: string, path: string, { accessToken }: LoadMember) {
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${accessToken}` },
  });
  await response.arrayBuffer();
  return response;
}

import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { timesAtRate } from "../../bench/images/load.ts";
import { median, percentile } from "../../bench/statistics.ts";
import { Mesh } from "../events/mesh.ts";
import { freePort } from "../events/real-servers.ts";
import type { Verdict } from "../events/verdict.ts";
import { joinMembers, type LoadMember } from "../load/members.ts";
import { type Operation, requestOf } from "../load/operations.ts";
import { GROUP_NAMES, processOf, startGroup } from "./groups.ts";
import type { MeshScenario, MeshScenarioOptions } from "./scenario.ts";

const run = promisify(execFile);
const FLOOD = new URL("flood-lanes.ts", import.meta.url);
const ROUNDS = 7;
const PHASE_MS = 4_000;
/** Requests a second to who is measured. */
const RATE = 30;
/** Milliseconds between two looks at the pool. */
const POOL_LOOK = 200;

const OPERATIONS = {
  content: ["post", "comment"],
  timeline: ["feed", "recent", "detail"],
} as const satisfies Record<string, readonly Operation[]>;
/** Posts alone: comments would wait for each other at the row of their post. */
const FLOODS = { content: ["post"], timeline: ["feed"] } as const;
type Side = keyof typeof OPERATIONS;
const PHASES = ["calm", "saturated", "killed"] as const;

/** One group is saturated on one core, then killed; the other one, on another core, is measured. Then the reverse. */
export const isolation: MeshScenario = async (options) => {
  if (availableParallelism() < 2) return { figures: {}, differences: ["this needs two processors"] };
  const verdicts = [
    await isolate(options, "content", "timeline"),
    await isolate(options, "timeline", "content"),
  ];
  return {
    figures: Object.assign({}, ...verdicts.map(({ figures }) => figures)),
    differences: verdicts.flatMap(({ differences }) => differences),
  };
};

async function isolate(
  { servers, say }: MeshScenarioOptions,
  measured: Side,
  troubled: Side,
): Promise<Verdict> {
  const mesh = await Mesh.create(servers, `isolation_${measured}`);
  let flood: ReturnType<typeof fork> | undefined;
  try {
    const metricsPort = await freePort();
    const processes = await Promise.all(
      GROUP_NAMES.map((group) =>
        startGroup(mesh, group, group === measured ? { METRICS_PORT: String(metricsPort) } : {}),
      ),
    );
    const [good, bad] = [processOf(processes, measured), processOf(processes, troubled)];
    const [member] = await joinMembers(processOf(processes, "member").url, 3);
    if (!member) throw new Error("nobody joined");
    const postId = await writePost(processOf(processes, "content").url, member);
    const arguments_ = [bad.url, FLOODS[troubled].join(), String(postId), JSON.stringify(member)];
    flood = fork(FLOOD, arguments_);
    await once(flood, "message");
    await pin(0, flood.pid);
    await pin(0, bad.node.pid);
    await pin(1, good.node.pid);

    const failures = new Map<string, number>();
    const note = (failure: string) => failures.set(failure, (failures.get(failure) ?? 0) + 1);
    let turn = 0;
    const ask = async () => {
      const operation = OPERATIONS[measured][turn++ % OPERATIONS[measured].length] as Operation;
      const status = await send(good.url, operation, postId, member).catch((error: Error) => error.message);
      if (status !== 200 && status !== 201) note(`${operation} ${status}`);
    };
    const times: Record<(typeof PHASES)[number], number[][]> = { calm: [], saturated: [], killed: [] };
    const [shares, rates]: [number[], number[]] = [[], []];
    const pool = watchPool(metricsPort);
    await timesAtRate(ask, RATE, PHASE_MS);
    for (let round = 1; round <= ROUNDS; round++) {
      times.calm.push(await timesAtRate(ask, RATE, PHASE_MS));
      flood.send("start");
      const before = await coreTicks(0);
      times.saturated.push(await timesAtRate(ask, RATE, PHASE_MS));
      const after = await coreTicks(0);
      shares.push(1 - (after.idle - before.idle) / (after.all - before.all));
      await bad.node.kill();
      times.killed.push(await timesAtRate(ask, RATE, PHASE_MS));
      flood.send("stop");
      const [answered] = (await once(flood, "message")) as [number];
      rates.push(answered / (PHASE_MS / 1_000));
      await bad.restart();
      await pin(0, bad.node.pid);
      say(`${measured} beside ${troubled}, round ${round} of ${ROUNDS}`);
    }
    const waits = pool.stop();
    await mesh.stopOrThrow();
    const p99 = (phase: (typeof PHASES)[number]) =>
      median(times[phase].map((of) => percentile(of, 99))).toFixed(0);
    return {
      figures: {
        [`${measured}: p99 ms while ${troubled} is calm, saturated, killed`]: PHASES.map(p99).join(", "),
        [`${measured}: requests, failed`]: `${turn}, ${[...failures.values()].reduce((sum, count) => sum + count, 0)}`,
        [`${measured}: looks at its pool, with somebody waiting`]: `${waits.looks}, ${waits.waiting}`,
        [`${troubled}: answers a second, its core in use`]: `${median(rates).toFixed(0)}, ${(100 * median(shares)).toFixed(0)} %`,
      },
      differences: [
        ...[...failures].map(([failure, count]) => `${measured}: ${count} x ${failure}`),
        ...(waits.waiting === 0 ? [] : [`${measured}: statements waited for a connection`]),
        ...(median(shares) >= 0.95 ? [] : [`${troubled} was not saturated`]),
      ],
    };
  } finally {
    flood?.disconnect();
    await mesh.remove();
  }
}

/** Keeps a process with all its threads on one core. */
async function pin(core: number, pid: number | undefined): Promise<void> {
  await run("taskset", ["-a", "-p", "-c", String(core), String(pid)]);
}

/**
 * What a core did since the machine started. A process that is kept there has all of it but what the stores take, which
 * go where they like: it is saturated when the core is never idle, for its questions never end.
 */
async function coreTicks(core: number): Promise<{ readonly idle: number; readonly all: number }> {
  const line = new RegExp(`^cpu${core} (.*)$`, "m").exec(await readFile("/proc/stat", "utf8"))?.[1] ?? "";
  // user, nice, system, idle, waiting for a disk, interrupts and what else
  const ticks = line.split(" ").map(Number);
  return { idle: (ticks[3] ?? 0) + (ticks[4] ?? 0), all: ticks.reduce((sum, count) => sum + count, 0) };
}

/** Looks at a node's pool again and again. */
function watchPool(metricsPort: number): { stop: () => { looks: number; waiting: number } } {
  const seen = { looks: 0, waiting: 0 };
  const timer = setInterval(async () => {
    const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`).catch(() => undefined);
    const [, waiting] = /^dailyfeed_sql_pool_waiting (\d+)$/m.exec((await answer?.text()) ?? "") ?? [];
    if (waiting === undefined) return;
    seen.looks++;
    if (Number(waiting) > 0) seen.waiting++;
  }, POOL_LOOK);
  return {
    stop: () => {
      clearInterval(timer);
      return seen;
    },
  };
}

async function writePost(url: string, member: LoadMember): Promise<number> {
  const answer = await fetch(`${url}/api/posts`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${member.accessToken}` },
    body: JSON.stringify({ content: "the first" }),
  });
  return ((await answer.json()) as { data: { id: number } }).data.id;
}

async function send(url: string, operation: Operation, postId: number, member: LoadMember): Promise<number> {
  const { method, path, body } = requestOf(operation, postId, member);
  const answer = await fetch(`${url}/api${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${member.accessToken}` },
    body: body ? JSON.stringify(body) : null,
  });
  await answer.arrayBuffer();
  return answer.status;
}

import { setTimeout as sleep } from "node:timers/promises";
import { BREAKERS } from "../../../config/resilience.ts";
import { percentile } from "../../bench/statistics.ts";
import { gatewayPlace, Mesh, PUBLISHING } from "../events/mesh.ts";
import type { NodeProcess } from "../events/node-process.ts";
import { type RealServers, startServersOrThrow } from "../events/real-servers.ts";
import type { Verdict } from "../events/verdict.ts";
import { MemberRounds } from "./member-rounds.ts";

/** Milliseconds that something is away: Redis longer than its clients try again for. */
const OUTAGE = 6_000;
const REDIS_OUTAGE = 15_000;
/** Milliseconds until what was away must serve again: its breaker may have opened. */
const RETURN = BREAKERS.default.halfOpenTime + 30_000;
/** Milliseconds until everything must be well again after a store's return. */
const STORE_RETURN = 10_000;

interface Case {
  readonly name: "search" | "activity" | "image" | "kafka" | "redis";
  /** What can't be served without it; undefined: nothing. */
  readonly path?: string;
}

const CASES: readonly Case[] = [
  { name: "search", path: "/search/posts?keyword=hello" },
  { name: "activity", path: "/member-activities" },
  { name: "image", path: `/images/view/${crypto.randomUUID()}` },
  { name: "kafka" },
  // It connects the processes.
  { name: "redis", path: "/member-activities" },
];

/**
 * Search, activity, image, Kafka and Redis are killed in turn while all runs, and come back; meanwhile a second gateway
 * starts without them. At both, members log in, write and read their feeds.
 */
export async function away(say: (text: string) => void): Promise<Verdict> {
  const servers = await startServersOrThrow();
  try {
    const mesh = await Mesh.create(servers, "away");
    try {
      const { url, variables } = await gatewayPlace();
      await mesh.start(PUBLISHING, variables);
      const running = new Map<string, NodeProcess>();
      for (const name of ["search", "activity", "image"]) running.set(name, await mesh.start(name));
      const members = await MemberRounds.join(url);
      const verdicts: Verdict[] = [];
      for (const one of CASES) verdicts.push(await without(one, { servers, mesh, running, members, say }));
      const settling = await mesh.evidence.settledOrThrow();
      await mesh.stopOrThrow();
      return {
        figures: Object.assign({}, ...verdicts.map(({ figures }) => figures), {
          "events caught up within, ms": Math.round(settling),
        }),
        differences: verdicts.flatMap(({ differences }) => differences),
      };
    } finally {
      await mesh.remove();
    }
  } finally {
    await servers.remove();
  }
}

interface World {
  readonly servers: RealServers;
  readonly mesh: Mesh;
  /** By the names of their services. */
  readonly running: Map<string, NodeProcess>;
  readonly members: MemberRounds;
  readonly say: (text: string) => void;
}

async function without({ name, path }: Case, world: World): Promise<Verdict> {
  const { servers, mesh, running, members, say } = world;
  const isServed = async () => path === undefined || (await members.statusOf(path)) < 500;
  await within(RETURN, isServed);
  members.reset();
  const node = running.get(name);
  await (node ? node.kill() : servers.signal("SIGKILL", name as "kafka" | "redis"));
  say(`${name} is away`);
  const [refusal] = await Promise.all([
    path === undefined ? undefined : members.statusOf(path),
    members.repeat(name === "redis" ? REDIS_OUTAGE : OUTAGE),
  ]);
  const late = await lateStart(mesh, members, path, name);
  if (node) running.set(name, await mesh.start(name));
  else await servers.control("start", name as "kafka" | "redis");
  const returned = await within(node ? RETURN : STORE_RETURN, async () => {
    await members.round();
    return isServed();
  });
  say(`${name} is back`);
  const times = members.times.toSorted((a, b) => a - b);
  const p99 = percentile(times, 99);
  return {
    figures: {
      [`${name}: members' rounds, p99 of a request, ms`]: `${members.rounds}, ${p99.toFixed(0)}`,
      ...(path === undefined
        ? {}
        : { [`${name}: ${path.split("?")[0]}`]: `${refusal}, from the start ${late}` }),
      [`${name}: seconds until all was served again`]: (returned / 1_000).toFixed(1),
    },
    differences: [
      ...members.failures,
      ...(p99 >= BREAKERS.critical.slowTime ? [`p99 was ${p99.toFixed(0)} ms`] : []),
      ...([undefined, 503, 504].includes(refusal) ? [] : [`${path} was ${refusal}`]),
      ...([undefined, 503].includes(late) ? [] : [`${path} was ${late} from the start`]),
      ...(Number.isFinite(returned) ? [] : [`${path ?? "it"} did not come back`]),
    ].map((difference) => `without ${name}: ${difference}`),
  };
}

/** Starts a gateway while something is away, and has members use it. Answers the status of what is away. */
async function lateStart(
  mesh: Mesh,
  members: MemberRounds,
  path: string | undefined,
  name: string,
): Promise<number | undefined> {
  const { url, variables } = await gatewayPlace();
  // A process with a mesh over Redis waits for it; one process that is all has no need to.
  const late = await mesh.start(PUBLISHING, {
    ...variables,
    ...(name === "redis" ? { TRANSPORTER: "" } : {}),
  });
  const there = members.at(url);
  for (let round = 0; round < 3; round++) await there.round();
  const status = path === undefined ? undefined : await there.statusOf(path);
  await late.kill();
  return status;
}

/** Milliseconds until it is so; Infinity when that takes too long. */
async function within(deadline: number, isSo: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedAt > deadline) return Number.POSITIVE_INFINITY;
    await sleep(200);
  }
  return performance.now() - startedAt;
}

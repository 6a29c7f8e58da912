import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../config/child-environment.ts";
import { type Figures, printed, type Usages, write } from "./measure/figures.ts";
import { type Usage, UsageWatch } from "./measure/process-usage.ts";
import { loadsOf, ROLE_NAMES, ROLES, type Role, type Subjects, sender } from "./measure/role-loads.ts";
import { SteadyLoad } from "./measure/steady-load.ts";
import { Options, runScript } from "./terminal/options.ts";
import { gatewayPlace, Mesh } from "./verify/events/mesh.ts";
import type { NodeProcess } from "./verify/events/node-process.ts";
import { startServersOrThrow } from "./verify/events/real-servers.ts";
import { joinMembers } from "./verify/load/members.ts";

const USAGE = `usage: npm run measure:roles [-- options]
  Starts servers of its own and a process for each scale-out group, and measures what each uses: idle, under the share of
  work that one pod should bear, and while people only read or only write. Prints requests and limits as the table of
  kubernetes/base/table/groups.yaml has them. Linux only; wants a machine that does nothing else.
  --seconds N   of each measurement (default: 15)
  --write yes   also writes the figures to kubernetes/measured.json`;

const JOB = fileURLToPath(new URL("job.ts", import.meta.url));
const MEMBERS = 20;
const LOOK_MS = 500;
/** Code that ran for the first time is compiled again. */
const WARM_UP_MS = 6_000;
const FIRST_POSTS = 200;
const FIRST_IMAGES = 5;

interface Pod {
  readonly url: string;
  readonly node: NodeProcess;
}

async function main(): Promise<void> {
  const options = new Options(["seconds", "write"], USAGE);
  const seconds = options.integer("seconds", 1, 600) ?? 15;
  console.log("Starting servers ...");
  const servers = await startServersOrThrow();
  const mesh = await Mesh.create(servers, "roles");
  try {
    const pods = await startPods(mesh);
    const urlOf = (role: Role) => pods[role].url;
    const loads = await loadsOf(await prepare(urlOf));
    const measured: Record<string, Usages> = { idle: await watch(pods, seconds) };
    for (const [name, load] of Object.entries(loads)) {
      const sending = new SteadyLoad(load.rate, sender(load, urlOf));
      await sleep(WARM_UP_MS);
      measured[name] = await watch(pods, seconds);
      await sending.stop();
      const answers = [...sending.statuses].map(([status, count]) => `${count} x ${status}`).join(", ");
      console.log(`${name}: ${load.rate} requests a second, answered ${answers}`);
    }
    const rates = Object.fromEntries(Object.entries(loads).map(([name, { rate }]) => [name, rate]));
    const figures: Figures = { seconds, rates, measured, job: await watchJob(mesh) };
    console.log(`\n${printed(figures)}`);
    if (options.text("write") !== undefined) await write(figures);
    await mesh.stopOrThrow();
  } finally {
    await mesh.remove();
    await servers.remove();
  }
}

async function startPods(mesh: Mesh): Promise<Readonly<Record<Role, Pod>>> {
  const started = ROLE_NAMES.map(async (role) => {
    const { url, variables } = await gatewayPlace();
    const services = ["api", ROLES[role]].filter(Boolean).join(",");
    return [role, { url, node: await mesh.start(services, variables) }] as const;
  });
  return Object.fromEntries(await Promise.all(started)) as Record<Role, Pod>;
}

/** Members who follow each other, posts and pictures, for the loads to ask for. */
async function prepare(urlOf: (role: Role) => string): Promise<Subjects> {
  const members = await joinMembers(urlOf("member"), MEMBERS);
  const authorization = `Bearer ${members[0]?.accessToken}`;
  const first = await loadsOf({ members, postIds: [1], imageIds: ["none"] });
  const postIds: number[] = [];
  while (postIds.length < FIRST_POSTS) {
    const headers = { authorization, "content-type": "application/json" };
    const body = JSON.stringify({ content: `measured post ${postIds.length}` });
    postIds.push(await idIn(await fetch(`${urlOf("content")}/api/posts`, { method: "POST", headers, body })));
  }
  const imageIds: string[] = [];
  const upload = first.image.kinds[0];
  while (upload && imageIds.length < FIRST_IMAGES)
    imageIds.push(await idIn(await upload.send(urlOf("image"))));
  return { members, postIds, imageIds };
}

async function idIn<T>(response: Response): Promise<T> {
  const { data } = (await response.json()) as { data: { id?: T } & T };
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  return data.id ?? data;
}

async function watch(pods: Readonly<Record<Role, Pod>>, seconds: number): Promise<Usages> {
  const watches = ROLE_NAMES.map((role) => [role, new UsageWatch(pods[role].node.pid)] as const);
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end) {
    await sleep(LOOK_MS);
    await Promise.all(watches.map(([, one]) => one.look()));
  }
  const usages = watches.map(async ([role, one]) => [role, await one.end()] as const);
  return Object.fromEntries(await Promise.all(usages)) as Usages;
}

/** One run of a CronJob's pod. */
async function watchJob(mesh: Mesh): Promise<Usage> {
  const child = spawn(process.execPath, [JOB, "clean-expired"], {
    env: childEnvironment({ ...mesh.environment }),
    stdio: "ignore",
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const watched = new UsageWatch(Number(child.pid));
  let usage: Usage = { cpu: 0, memory: 0 };
  while (child.exitCode === null) {
    usage = await watched.end().catch(() => usage);
    await Promise.race([ended, sleep(50)]);
  }
  if (child.exitCode !== 0) throw new Error(`the job ended with ${child.exitCode}`);
  return usage;
}

await runScript(main);

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../config/child-environment.ts";
import { Options, runScript, UsageError } from "./terminal/options.ts";
import type { Verdict } from "./verify/events/verdict.ts";
import { autoscalersSteps } from "./verify/kubernetes/autoscaling.ts";
import { SimulatedCluster, type Tools } from "./verify/kubernetes/cluster.ts";
import { cronJobsInTime } from "./verify/kubernetes/cron-jobs.ts";
import { drainNode } from "./verify/kubernetes/drain.ts";
import { laptop } from "./verify/kubernetes/laptop.ts";
import { whoGrows } from "./verify/kubernetes/loads.ts";
import { whyNoNode } from "./verify/kubernetes/node/real-node.ts";
import { rollingRestart } from "./verify/kubernetes/node/rolling-restart.ts";
import { installAndRollOut } from "./verify/kubernetes/roll-out.ts";
import type { KubernetesScenario } from "./verify/kubernetes/scenario.ts";

/** In the production overlay's cluster, one after the other. */
const SCENARIOS: Readonly<Record<string, KubernetesScenario>> = {
  rollout: installAndRollOut,
  drain: drainNode,
  jobs: cronJobsInTime,
  loads: whoGrows,
  autoscaling: autoscalersSteps,
};

const USAGE = `usage: npm run verify:kubernetes [-- options]
  Real API server, controller manager and scheduler (scripts/kubernetes-tools.sh makes them, which takes long only once);
  nodes are simulated, and metrics are what we say they are.
  --only S    rollout (install and roll out another image), drain (a node), jobs (CronJobs at their minutes), loads (what
              grows when people read, when they write), autoscaling (every step up and down), laptop (install.sh on
              overlays/kind with its stores, every group at its largest) or node; default: all of them but node.
              node: this machine as a real node (Linux, root: containerd, kubelet, kube-proxy, the image built from
              Dockerfile), and a rolling restart under load; a quarter of an hour the first time, then some minutes
  --speed N   how many times faster than tabled the autoscalers' windows and periods pass (default: 10; 1 takes 20 minutes)`;
const NODES = Array.from({ length: 3 }, () => ({ cpu: 20, memory: 40 }));
const TOOLS = [
  "etcd",
  "kube-apiserver",
  "kubectl",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
  "istio-crds",
];

async function main(): Promise<void> {
  const options = new Options(["only", "speed"], USAGE);
  const only = options.text("only");
  const names = [...Object.keys(SCENARIOS), "laptop", "node"];
  if (only !== undefined && !names.includes(only))
    throw new UsageError(`--only is ${JSON.stringify(only)}: expected ${names.join(", ")}\n${USAGE}`);
  const speed = options.integer("speed", 1, 60) ?? 10;
  if (only === "node") return node();
  const tools = toolsOrThrow(TOOLS);
  if (only !== "laptop") await production(tools, speed, only);
  if (only === undefined || only === "laptop") {
    await timed("laptop", () => laptop(tools, (text) => console.log(`laptop: ${text}`)));
  }
}

async function production(tools: Tools, speed: number, only: string | undefined): Promise<void> {
  console.log("Starting a control plane ...");
  const cluster = await SimulatedCluster.startOrThrow(tools, NODES);
  try {
    for (const [name, scenario] of Object.entries(SCENARIOS)) {
      // Everything else happens to what this one installs.
      if (only !== undefined && only !== name && name !== "rollout") continue;
      const say = (text: string) => console.log(`${name}: ${text}`);
      await timed(name, () => scenario({ cluster, speed, say }));
    }
  } finally {
    await cluster.remove();
  }
}

async function node(): Promise<void> {
  const why = whyNoNode();
  if (why !== undefined) return console.log(`node: NOT VERIFIED, this machine can't be a node: ${why}`);
  const { path } = toolsOrThrow([...TOOLS, "kubelet", "kube-proxy"]);
  await timed("node", () => rollingRestart(path, (text) => console.log(`node: ${text}`)));
}

function toolsOrThrow(names: readonly string[]): Tools {
  const script = fileURLToPath(new URL("kubernetes-tools.sh", import.meta.url));
  const { status, stdout } = spawnSync("bash", [script, ...names], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: childEnvironment({}),
  });
  const told = new Map(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
  const [path, crds] = [told.get("PATH"), told.get("ISTIO_CRDS")];
  if (status !== 0 || !path || !crds) throw new Error("the tools could not be had (see above)");
  return { path, crds };
}

async function timed(name: string, work: () => Promise<Verdict>): Promise<void> {
  const began = performance.now();
  const { figures, differences } = await work();
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  console.log(`\n${name}: ${differences.length} differences, in ${seconds} s`);
  for (const [title, figure] of Object.entries(figures)) console.log(`  ${title.padEnd(50)} ${figure}`);
  for (const difference of differences.slice(0, 20)) console.log(`  ! ${difference}`);
  if (differences.length > 0) process.exitCode = 1;
}

await runScript(main);

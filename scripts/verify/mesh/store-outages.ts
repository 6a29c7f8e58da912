import { setTimeout as sleep } from "node:timers/promises";
import { Mesh } from "../events/mesh.ts";
import type { ServerName } from "../events/real-servers.ts";
import type { Verdict } from "../events/verdict.ts";
import { lostWrites } from "../load/lost-writes.ts";
import { joinMembers, PASSWORD } from "../load/members.ts";
import { type Failure, MixedLoad } from "../load/mixed-load.ts";
import { shownFailures } from "../load/report.ts";
import { type GroupProcess, ownersOf, processOf, startGroups } from "./groups.ts";
import type { MeshScenario } from "./scenario.ts";

/** What each store's absence may do to requests at the gateway of their group, and to readiness. */
const STORES: readonly { store: ServerName; mayFail: boolean; readiness: RegExp }[] = [
  { store: "db", mayFail: true, readiness: /^database/ },
  { store: "redis", mayFail: false, readiness: /^OK \(degraded: .*redis/ },
  { store: "kafka", mayFail: false, readiness: /^OK \(degraded: .*kafka/ },
  { store: "mongo", mayFail: false, readiness: /^OK \(degraded: .*(documents|mongo)/ },
];
const OUTAGE_MS = 10_000;
const RECOVERY_MS = 10_000;
/** The time-out of a request with all its attempts, and a bit for a slow machine. */
const ANSWER_WITHIN_MS = 11_000;

/** Each store is stopped for a while and started again, under load. */
export const storeOutages: MeshScenario = async ({ servers, rate = 50, say }) => {
  const mesh = await Mesh.create(servers, "outages");
  let load: MixedLoad | undefined;
  try {
    const processes = await startGroups(mesh);
    const url = processOf(processes, "member").url;
    const members = await joinMembers(url, 10);
    load = new MixedLoad({ urlOf: ownersOf(processes), members, rate });
    load.start();
    await load.passes(rate);
    const figures: Record<string, string | number> = {};
    const differences: string[] = [];
    for (const { store, mayFail, readiness } of STORES) {
      const from = load.failures.length;
      await servers.control("stop", store);
      const logIns = logInRepeatedly(url, String(members[0]?.email), OUTAGE_MS);
      await sleep(OUTAGE_MS);
      const told = await Promise.all(processes.map(readinessOf));
      const loggedIn = await logIns;
      await servers.control("start", store);
      const started = load.now;
      const recovered = await load.recoveredOrThrow(60_000);
      const ready = await readyAgainOrThrow(processes, 60_000);
      const failures = load.failures.slice(from);
      const recovery = Math.max(recovered - started, 0);
      figures[`${store}: requests failed`] =
        `${failures.length}${failures.length > 0 ? `: ${shownFailures(failures).join("; ")}` : ""}`;
      figures[`${store}: log-ins meanwhile`] = loggedIn.join(" ");
      figures[`${store}: readiness meanwhile`] = [...new Set(told)].join(" | ");
      figures[`${store}: last failure and ready again after its start, ms`] =
        `${Math.round(recovery)}, ${Math.round(ready)}`;
      differences.push(
        ...shownFailures(failures.filter((failure) => !mayFail || !isHonest(failure))).map(
          (line) => `${store}: ${line}`,
        ),
        ...(mayFail || loggedIn.every((status) => status === 200)
          ? []
          : [`${store}: log-ins ${loggedIn.join(" ")}`]),
        ...(told.some((text) => readiness.test(text))
          ? []
          : [`${store}: readiness tells ${told.join(" | ")}`]),
        ...(Math.max(recovery, ready) <= RECOVERY_MS
          ? []
          : [`${store}: recovery took over ${RECOVERY_MS} ms`]),
      );
      say(`${store} is back; ${failures.length} requests failed`);
    }
    await load.stop();
    differences.push(...(await lostWrites(String(mesh.environment.DATABASE_URL), load)));
    figures["acknowledged writes"] = load.acknowledged.posts.size + load.acknowledged.comments.size;
    figures["events caught up within, ms"] = Math.round(await mesh.evidence.settledOrThrow());
    await mesh.stopOrThrow();
    return { figures, differences } satisfies Verdict;
  } finally {
    await load?.stop();
    await mesh.remove();
  }
};

function isHonest({ status, milliseconds, reason }: Failure): boolean {
  return (status === 503 || status === 504) && !reason.startsWith("no ") && milliseconds < ANSWER_WITHIN_MS;
}

/** One a second; answers their statuses. */
async function logInRepeatedly(url: string, email: string, during: number): Promise<number[]> {
  const statuses: number[] = [];
  const end = performance.now() + during;
  while (performance.now() < end) {
    const response = await fetch(`${url}/api/authentication/login`, {
      method: "POST",
      body: JSON.stringify({ email, password: PASSWORD }),
    });
    statuses.push(response.status);
    await response.text();
    await sleep(1_000);
  }
  return statuses;
}

async function readinessOf({ url }: GroupProcess): Promise<string> {
  return (await fetch(`${url}/healthcheck/ready`)).text();
}

async function readyAgainOrThrow(processes: readonly GroupProcess[], deadline: number): Promise<number> {
  const began = performance.now();
  for (;;) {
    const told = await Promise.all(processes.map(readinessOf));
    if (told.every((text) => text === "OK")) return performance.now() - began;
    if (performance.now() - began > deadline) throw new Error(`still not ready: ${told.join(" | ")}`);
    await sleep(50);
  }
}

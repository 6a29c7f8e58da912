import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServersOrThrow } from "../../events/real-servers.ts";
import { until } from "../../events/until.ts";
import type { Verdict } from "../../events/verdict.ts";
import { lostWrites } from "../../load/lost-writes.ts";
import { joinMembers } from "../../load/members.ts";
import { MixedLoad } from "../../load/mixed-load.ts";
import type { Operation } from "../../load/operations.ts";
import { percentile, shownFailures } from "../../load/report.ts";
import { ownerOf } from "../../mesh/groups.ts";
import { ApiClient } from "../api-client.ts";
import { ControlPlane } from "../control-plane.ts";
import { Bridge } from "./bridge.ts";
import { installOrThrow, serviceUrl } from "./product.ts";
import { RealNode } from "./real-node.ts";
import { RestartWatch } from "./restart-watch.ts";

const RESTARTED = ["dailyfeed-content", "dailyfeed-timeline"];
/** Requests a second. */
const RATE = 50;
const MEMBERS = 20;
/** All pods are new: what a load of this rate does to them at once isn't looked at here. */
const RAMP_MS = 20_000;
/** Seconds of requests at full speed, before and after. */
const AROUND_S = 10;

/**
 * Pods of our image on a real node, their Services by kube-proxy, and the stores on this machine: restarts two groups
 * with `kubectl rollout restart` while members read and write.
 * @param path to Kubernetes' programs
 */
export async function rollingRestart(path: string, say: (text: string) => void): Promise<Verdict> {
  await using ends = new AsyncDisposableStack();
  const servers = await startServersOrThrow([]);
  ends.defer(() => servers.remove());
  const plane = await ControlPlane.startOrThrow({ controllers: true, path });
  ends.defer(() => plane.remove());
  say("the control plane runs; building the image ...");
  const node = await RealNode.startOrThrow(plane, join(tmpdir(), `dailyfeed-node-${process.pid}`));
  ends.defer(() => node.remove());
  say("the node is ready");
  const api = await ApiClient.of(plane);
  ends.defer(() => api.close());
  const bridge = new Bridge();
  ends.defer(() => bridge.stop());
  await installOrThrow(plane, api, servers, bridge);
  say("two pods of each group are available");
  const load = await startLoad(api);
  ends.defer(() => load.stop());
  await load.passes((RAMP_MS / 2_000 + AROUND_S) * RATE);
  const watch = new RestartWatch(api, RESTARTED);
  ends.defer(() => watch.stop().then(() => undefined));
  return await restart({ plane, api, load, watch, databaseUrl: servers.databaseUrl, say });
}

async function startLoad(api: ApiClient): Promise<MixedLoad> {
  const urls = new Map<string, string>();
  for (const group of ["member", "content", "timeline"]) {
    urls.set(group, await serviceUrl(api, `dailyfeed-${group}`));
  }
  const members = await joinMembers(String(urls.get("member")), MEMBERS);
  const urlOf = (operation: Operation) => String(urls.get(ownerOf(operation)));
  const load = new MixedLoad({ urlOf, members, rate: RATE, rampMs: RAMP_MS });
  load.start();
  return load;
}

interface Restart {
  readonly plane: ControlPlane;
  readonly api: ApiClient;
  readonly load: MixedLoad;
  readonly watch: RestartWatch;
  readonly databaseUrl: string;
  readonly say: (text: string) => void;
}

async function restart({ plane, api, load, watch, databaseUrl, say }: Restart): Promise<Verdict> {
  const pods = await watch.start();
  const [sent, failed, began] = [load.sent, load.failures.length, load.now];
  say(`${sent} requests before the restart; ${failed} failed`);
  const kubectl = (...args: readonly string[]) => plane.kubectlOrThrow(["-n", "dailyfeed", ...args]);
  for (const name of RESTARTED) {
    await kubectl("rollout", "restart", `deployment/${name}`);
    await kubectl("rollout", "status", `deployment/${name}`, "--timeout=300s");
  }
  await until("the old pods are gone", async () => (await watch.old()).length === 0);
  const seconds = ((load.now - began) / 1_000).toFixed(0);
  const during = load.sent - sent;
  say(`restarted in ${seconds} s, with ${during} requests meanwhile`);
  await load.passes(AROUND_S * RATE);
  await load.stop();
  const least = await watch.stop();
  const lost = await lostWrites(databaseUrl, load);
  const revisions = await Promise.all(RESTARTED.map((name) => revisionOf(api, name)));
  const badEnds = [...watch.exitCodes].filter(([, code]) => code !== 0);
  return {
    figures: {
      "pods restarted": pods,
      "restarted in, s": seconds,
      "available at least": [...least].map(([name, count]) => `${name} ${count}`).join(", "),
      "old pods seen to end with 0": watch.exitCodes.size - badEnds.length,
      requests: `${load.sent}, ${RATE} a second; ${during} while restarting`,
      "requests that failed": load.failures.length,
      "reads sent again, on a new connection": load.resent,
      "acknowledged writes": load.acknowledged.posts.size + load.acknowledged.comments.size,
      "acknowledged writes that are lost": lost.length,
      "feed, p50 and p99, ms": `${percentile(load, "feed", 50)}, ${percentile(load, "feed", 99)}`,
      "at the end": revisions.map(({ shown }) => shown).join(", "),
    },
    differences: [
      ...shownFailures(load.failures),
      ...lost,
      ...badEnds.map(([name, code]) => `${name} ended with ${code}`),
      ...[...least].filter(([, count]) => count < 2).map(([name, count]) => `${name} had ${count} pods`),
      ...revisions.filter(({ isNew }) => !isNew).map(({ shown }) => `not all new: ${shown}`),
      ...(pods === 2 * RESTARTED.length ? [] : [`there were ${pods} pods to restart`]),
    ],
  };
}

/** Whether all pods of a Deployment are of its second revision, and nobody restarted by itself. */
async function revisionOf(api: ApiClient, name: string): Promise<{ shown: string; isNew: boolean }> {
  const deployment = await api.get(`/apis/apps/v1/namespaces/dailyfeed/deployments/${name}`);
  const sets = await api.list("/apis/apps/v1/namespaces/dailyfeed/replicasets");
  const revision = deployment.metadata.annotations["deployment.kubernetes.io/revision"];
  const current = sets.find(
    ({ metadata }) =>
      metadata.labels.app === name && metadata.annotations["deployment.kubernetes.io/revision"] === revision,
  );
  const pods = (await api.list("/api/v1/namespaces/dailyfeed/pods")).filter(
    ({ metadata }) => metadata.labels.app === name,
  );
  const isNew = pods.every(
    ({ metadata, status }) =>
      metadata.labels["pod-template-hash"] === current?.metadata.labels["pod-template-hash"] &&
      status.containerStatuses[0].ready &&
      status.containerStatuses[0].restartCount === 0,
  );
  return {
    shown: `${pods.length} pods of ${name} at revision ${revision}`,
    isNew: isNew && pods.length === 2 && revision === "2",
  };
}

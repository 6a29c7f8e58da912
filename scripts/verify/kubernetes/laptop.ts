import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../events/until.ts";
import type { Verdict } from "../events/verdict.ts";
import type { KubernetesObject } from "./api-client.ts";
import { AvailabilityWatch } from "./availability.ts";
import { GROUPS, SECRETS, SimulatedCluster, type Tools, volume } from "./cluster.ts";

/**
 * The laptop of overlays/kind, 8 cores and 16 GB, as two workers: less what the system and Istio's own pods take, and
 * the groups' sidecars (kind/istio.yaml), which nobody injects here.
 */
const WORKERS = [
  { cpu: 3.5, memory: 6 },
  { cpu: 3.5, memory: 6 },
];
/** As the stores' annotations ask for it. */
const STORE_SIDECAR = { cpu: "100m", memory: "128Mi" };
const TAG = "from-install";

/**
 * `kubernetes/install.sh app` against a real API server, on the laptop's overlay with its stores; then every group at
 * its largest: nothing is pending, and the stores stay where they are.
 */
export async function laptop(tools: Tools, say: (text: string) => void): Promise<Verdict> {
  const cluster = await SimulatedCluster.startOrThrow(tools, WORKERS);
  try {
    await startStores(cluster);
    const before = await storePods(cluster);
    say("the stores run");
    await install(cluster);
    say("installed");
    const images = new Set(
      (await cluster.deployments()).map(({ spec }) => spec.template.spec.containers[0].image),
    );
    const watch = new AvailabilityWatch(cluster);
    cluster.metrics.usageOf = () => ({ cpu: 10_000, memory: 1 });
    const autoscalers = await cluster.api.list(
      "/apis/autoscaling/v2/namespaces/dailyfeed/horizontalpodautoscalers",
    );
    const largest = new Map<string, number>(
      autoscalers.map(({ metadata, spec }) => [metadata.name, spec.maxReplicas]),
    );
    await until("every group is at its largest and ready", async () =>
      (await cluster.deployments()).every(
        ({ metadata, status }) => status.availableReplicas === largest.get(metadata.name),
      ),
    );
    const { differences } = await watch.stop();
    const after = await storePods(cluster);
    const pods = await cluster.pods("dailyfeed");
    const pending = pods.filter(({ status }) => status.phase === "Pending");
    return {
      figures: {
        images: [...images].join(", "),
        "pods of groups": [...largest.values()].reduce((sum, size) => sum + size, 0),
        groups: GROUPS.length,
        "pods of stores": before.length,
        "stores that were moved or restarted": before.filter((pod) => !after.includes(pod)).length,
        "pending pods": pending.length,
      },
      differences: [
        ...differences,
        ...before.filter((pod) => !after.includes(pod)).map((pod) => `gone: ${pod}`),
        ...pending.map(({ metadata }) => `${metadata.name} is pending`),
        ...[...images]
          .filter((image) => image !== `localhost/dailyfeed:${TAG}`)
          .map((image) => `runs ${image}`),
      ],
    };
  } finally {
    await cluster.remove();
  }
}

async function startStores(cluster: SimulatedCluster): Promise<void> {
  const infra = await cluster.render("infra");
  const claims = infra.filter(({ kind }) => kind === "StatefulSet");
  await cluster.apply(infra.filter(({ kind }) => kind === "Namespace"));
  // kind's own provisioner, in its place.
  await cluster.apply(
    claims.map(({ metadata }) => ({
      ...volume(`${metadata.name}-data`, "", "ReadWriteOnce"),
      spec: {
        ...volume(`${metadata.name}-data`, "", "ReadWriteOnce").spec,
        claimRef: { namespace: "infra", name: `data-${metadata.name}-0` },
      },
    })),
  );
  await cluster.apply(infra.map((object) => withSidecar(object, STORE_SIDECAR)));
  await until("all stores are ready", async () =>
    (await cluster.api.list("/apis/apps/v1/namespaces/infra/statefulsets")).every(
      ({ status }) => status.readyReplicas === 1,
    ),
  );
}

/** Which pods the stores are, on which nodes; another pod has another id. */
async function storePods(cluster: SimulatedCluster): Promise<readonly string[]> {
  return (await cluster.pods("infra")).map(
    ({ metadata, spec }) => `${metadata.name} ${metadata.uid} on ${spec.nodeName}`,
  );
}

function withSidecar(object: KubernetesObject, requests: object): KubernetesObject {
  if (object.kind !== "StatefulSet") return object;
  const copy = structuredClone(object);
  copy.spec.template.spec.initContainers = [
    {
      name: "istio-proxy",
      image: "sidecar",
      restartPolicy: "Always",
      resources: { requests, limits: requests },
      securityContext: copy.spec.template.spec.containers[0].securityContext,
    },
  ];
  return copy;
}

/** The script itself; docker, kind and istioctl have nothing to do here, and the product's answer is ours. */
async function install(cluster: SimulatedCluster): Promise<void> {
  const tools = await mkdtemp(join(tmpdir(), "dailyfeed-tools-"));
  const product = createServer((_, response) => void response.end());
  try {
    await new Promise<void>((resolve) => product.listen(0, "127.0.0.1", resolve));
    for (const name of ["docker", "kind", "istioctl"]) {
      await writeFile(join(tools, name), "#!/bin/sh\n");
      await chmod(join(tools, name), 0o755);
    }
    await cluster.apply((await cluster.render("overlays/kind")).filter(({ kind }) => kind === "Namespace"));
    await cluster.apply([SECRETS]);
    const { code, output, errors } = await cluster.plane.run("env", [
      `PATH=${tools}:${cluster.plane.environment.PATH}`,
      `SMOKE_PORT=${(product.address() as AddressInfo).port}`,
      ...["bash", "kubernetes/install.sh", "app", TAG],
    ]);
    if (code !== 0) throw new Error(`install.sh ended with ${code}:\n${output}${errors}`);
  } finally {
    product.close();
    await rm(tools, { recursive: true });
  }
}

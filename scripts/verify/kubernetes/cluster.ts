import { setTimeout as sleep } from "node:timers/promises";
import { loadAll } from "js-yaml";
import { ApiClient, type KubernetesObject } from "./api-client.ts";
import { ControlPlane } from "./control-plane.ts";
import { MetricsStandIn } from "./metrics-stand-in.ts";

export const GROUPS = ["member", "content", "timeline", "activity", "search", "image", "frontend"] as const;
export type Group = (typeof GROUPS)[number];

/** Autoscalers look every second, and at pods from their first second on. */
const IMPATIENT = [
  "--horizontal-pod-autoscaler-sync-period=1s",
  "--horizontal-pod-autoscaler-initial-readiness-delay=1s",
  "--horizontal-pod-autoscaler-cpu-initialization-period=1s",
].join(" ");

/** What scripts/kubernetes-tools.sh made. */
export interface Tools {
  /** With all programs. */
  readonly path: string;
  /** Istio's definitions of its objects: a file. */
  readonly crds: string;
}

const SETTLE_MS = 180_000;
const LOOK_MS = 200;

export interface NodeSize {
  /** Processors, and GiB. */
  readonly cpu: number;
  readonly memory: number;
}

/** A cluster whose nodes only seem to be there: everything else is Kubernetes' own. */
export class SimulatedCluster {
  readonly plane: ControlPlane;
  readonly api: ApiClient;
  readonly metrics: MetricsStandIn;

  private constructor(plane: ControlPlane, api: ApiClient, metrics: MetricsStandIn) {
    this.plane = plane;
    this.api = api;
    this.metrics = metrics;
  }

  /** @throws Error with what did not start */
  static async startOrThrow({ path, crds }: Tools, nodes: readonly NodeSize[]): Promise<SimulatedCluster> {
    const plane = await ControlPlane.startOrThrow({ controllers: true, controllerOptions: IMPATIENT, path });
    try {
      await plane.kubectlOrThrow(["apply", "--server-side", "-f", crds]);
      await plane.kubectlOrThrow(["apply", "-f", "-"], JSON.stringify(list(nodes.map(nodeOf))));
      await plane.kubectlOrThrow(["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"]);
      await plane.kubectlOrThrow(["wait", "--for=condition=Ready", "node", "--all", "--timeout=60s"]);
      const api = await ApiClient.of(plane);
      return new SimulatedCluster(plane, api, await MetricsStandIn.start(plane, api));
    } catch (error) {
      await plane.remove();
      throw error;
    }
  }

  /** Every object that a folder below kubernetes/ renders to. */
  async render(folder: string): Promise<readonly KubernetesObject[]> {
    return loadAll(
      await this.plane.kubectlOrThrow(["kustomize", `kubernetes/${folder}`]),
    ) as KubernetesObject[];
  }

  async apply(objects: readonly KubernetesObject[]): Promise<void> {
    await this.plane.kubectlOrThrow(["apply", "-f", "-"], JSON.stringify(list(objects)));
  }

  /** Resolves when every group's pods are all new and ready. */
  async rolledOut(): Promise<void> {
    for (const group of GROUPS) {
      const args = ["rollout", "status", `deployment/dailyfeed-${group}`, "--timeout=180s"];
      await this.plane.kubectlOrThrow(["-n", "dailyfeed", ...args]);
    }
  }

  /**
   * Resolves when every group has its least of two ready pods, and no pod waits.
   * @throws Error with the pods that wait, and the groups' sizes, when it is not so in time
   */
  async settled(milliseconds = SETTLE_MS): Promise<void> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const deployments = await this.deployments();
      const pods = await this.pods("dailyfeed");
      const waiting = pods.filter(({ status }) => !["Running", "Succeeded"].includes(status.phase));
      const large = deployments.filter(
        ({ spec, status }) => spec.replicas !== 2 || status.replicas !== 2 || status.availableReplicas !== 2,
      );
      if (waiting.length + large.length === 0) return;
      if (performance.now() > deadline) {
        const lines = [
          ...waiting.map(({ metadata, status }) => `${metadata.name} is ${status.phase}`),
          ...large.map(({ metadata, spec }) => `${metadata.name} has ${spec.replicas}`),
        ];
        throw new Error(`the cluster did not settle:\n${lines.join("\n")}`);
      }
      await sleep(LOOK_MS);
    }
  }

  /** Every group's size, once none has changed for so many milliseconds. */
  async steadySizes(milliseconds: number): Promise<Readonly<Record<string, number>>> {
    let sizes: Record<string, number> = {};
    for (let since = performance.now(); performance.now() - since < milliseconds; await sleep(LOOK_MS)) {
      const now = (await this.deployments()).map(({ metadata, spec }) => [
        metadata.name.replace("dailyfeed-", ""),
        spec.replicas,
      ]);
      if (now.some(([group, size]) => sizes[group] !== size)) since = performance.now();
      sizes = Object.fromEntries(now);
    }
    return sizes;
  }

  deployments(): Promise<readonly KubernetesObject[]> {
    return this.api.list("/apis/apps/v1/namespaces/dailyfeed/deployments");
  }

  pods(namespace: string): Promise<readonly KubernetesObject[]> {
    return this.api.list(`/api/v1/namespaces/${namespace}/pods`);
  }

  async remove(): Promise<void> {
    await this.metrics.stop();
    this.api.close();
    await this.plane.remove();
  }
}

export const list = (items: readonly KubernetesObject[]) => ({ apiVersion: "v1", kind: "List", items });

function nodeOf({ cpu, memory }: NodeSize, index: number): KubernetesObject {
  const name = `node-${index + 1}`;
  const room = { cpu: String(cpu), memory: `${memory}Gi`, pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/zone": `zone-${index + 1}`,
      },
    },
    status: { allocatable: room, capacity: room },
  };
}

/** The secrets that a group's pods are started with; nobody reads them here. */
export const SECRETS: KubernetesObject = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "dailyfeed-stores", namespace: "dailyfeed" },
  stringData: { DATABASE_URL: "mysql://nobody@nowhere.example/dailyfeed" },
};

/** Volumes that are there before anyone asks for them: simulated nodes have no provisioner. */
export function volume(name: string, storageClassName: string, accessMode: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      capacity: { storage: "100Gi" },
      accessModes: [accessMode],
      storageClassName,
      persistentVolumeReclaimPolicy: "Retain",
      hostPath: { path: `/var/${name}` },
    },
  };
}

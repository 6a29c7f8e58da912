import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Usage } from "../../measure/process-usage.ts";
import type { ApiClient, KubernetesObject } from "./api-client.ts";
import type { ControlPlane } from "./control-plane.ts";

/** What a pod uses, from the name of its group and how many pods that has. */
export type UsageOf = (group: string, pods: number) => Usage;

const RESOURCES = {
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: "metrics.k8s.io/v1beta1",
  resources: [
    { name: "pods", singularName: "", namespaced: true, kind: "PodMetrics", verbs: ["get", "list"] },
  ],
};

/** Stands for metrics-server: pods that only seem to run use what it is told. */
export class MetricsStandIn {
  usageOf: UsageOf = () => ({ cpu: 1, memory: 1 });
  readonly #server: Server;
  readonly #api: ApiClient;

  private constructor(server: Server, api: ApiClient) {
    this.#server = server;
    this.#api = api;
  }

  /** Starts it and makes it the cluster's `metrics.k8s.io`. */
  static async start(plane: ControlPlane, api: ApiClient): Promise<MetricsStandIn> {
    const [cert, key] = [await plane.file("pki/apiserver.crt"), await plane.file("pki/apiserver.key")];
    const server = createServer({ cert, key });
    const metrics = new MetricsStandIn(server, api);
    server.on("request", async (request, response) => {
      const answer = await metrics.#answer(new URL(String(request.url), "https://localhost"));
      response.writeHead(answer ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await plane.kubectlOrThrow(["apply", "-f", "-"], registration(port));
    return metrics;
  }

  async #answer({ pathname, searchParams }: URL): Promise<object | undefined> {
    if (/^\/apis\/metrics\.k8s\.io\/v1beta1\/?$/.test(pathname)) return RESOURCES;
    const namespace = /\/namespaces\/([^/]+)\/pods$/.exec(pathname)?.[1];
    if (!namespace) return undefined;
    const selector = encodeURIComponent(searchParams.get("labelSelector") ?? "");
    const pods = await this.#api.list(`/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`);
    const running = pods.filter(({ status }: KubernetesObject) => status.phase === "Running");
    const items = running.map((pod: KubernetesObject) => this.#usage(pod, running.length));
    return { kind: "PodMetricsList", apiVersion: "metrics.k8s.io/v1beta1", metadata: {}, items };
  }

  #usage({ metadata, spec }: KubernetesObject, pods: number): object {
    const { cpu, memory } = this.usageOf(String(metadata.labels.app).replace("dailyfeed-", ""), pods);
    const usage = { cpu: `${Math.round(cpu)}m`, memory: `${Math.round(memory)}Mi` };
    return {
      metadata: { name: metadata.name, namespace: metadata.namespace, labels: metadata.labels },
      timestamp: new Date().toISOString(),
      window: "10s",
      containers: spec.containers.map(({ name }: { name: string }) => ({ name, usage })),
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const registration = (port: number): string => `
apiVersion: v1
kind: Service
metadata: {name: metrics, namespace: kube-system}
spec: {type: ExternalName, externalName: localhost, ports: [{port: ${port}}]}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec:
  group: metrics.k8s.io
  version: v1beta1
  groupPriorityMinimum: 100
  versionPriority: 100
  insecureSkipTLSVerify: true
  service: {name: metrics, namespace: kube-system, port: ${port}}
`;

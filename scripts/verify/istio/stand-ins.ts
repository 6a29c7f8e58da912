import type { Manifest } from "./manifests.ts";
import type { Pod } from "./pod.ts";

/** What stands in for pods, their endpoints and their sidecars: nothing else is given to istiod but what is rendered. */

export type Version = "v1" | "v2";

export interface Endpoint {
  readonly port: number;
  readonly version: Version;
}

const NETWORKING = "networking.istio.io/v1";
const NAMESPACE = "dailyfeed";

export function hostOf(group: string): string {
  return `dailyfeed-${group}.${NAMESPACE}.svc.cluster.local`;
}

/** The name of a group's cluster in an Envoy. */
export function clusterOf(group: string, version: Version = "v1"): string {
  return `outbound|8080|${version}|${hostOf(group)}`;
}

/** A group's Service and its EndpointSlice, which may not hold loopback addresses. */
export function service(group: string, endpoints: readonly Endpoint[]): Manifest {
  return {
    apiVersion: NETWORKING,
    kind: "ServiceEntry",
    metadata: { name: `dailyfeed-${group}`, namespace: NAMESPACE },
    spec: {
      hosts: [hostOf(group)],
      location: "MESH_INTERNAL",
      resolution: "STATIC",
      ports: [{ number: 8080, name: "http", protocol: "HTTP" }],
      endpoints: endpoints.map(({ port, version }) => ({
        address: "127.0.0.1",
        ports: { http: port },
        labels: { app: `dailyfeed-${group}`, version },
      })),
    },
  };
}

/** The ingress gateways' Service, which leads port 80 to a port of each. */
export function ingressService(
  gateways: readonly { readonly address: string; readonly port: number }[],
): Manifest {
  return {
    apiVersion: NETWORKING,
    kind: "ServiceEntry",
    metadata: { name: "istio-ingressgateway", namespace: "istio-system" },
    spec: {
      hosts: ["istio-ingressgateway.istio-system.svc.cluster.local"],
      location: "MESH_INTERNAL",
      resolution: "STATIC",
      ports: [{ number: 80, name: "http", protocol: "HTTP" }],
      // Whose labels the gateways have: rules select them by these.
      endpoints: gateways.map(({ address, port }) => ({
        address,
        ports: { http: port },
        labels: { istio: "ingressgateway" },
      })),
    },
  };
}

/** For the one Envoy that is the sidecar of every pod: listeners in place of captured traffic, in plain text. */
export function sidecars(pods: readonly Pod[]): readonly Manifest[] {
  return [
    {
      apiVersion: NETWORKING,
      kind: "Sidecar",
      metadata: { name: "every-pod", namespace: NAMESPACE },
      spec: {
        ingress: pods.map(({ name, port, applicationPort }) => ({
          port: { number: port, protocol: "HTTP", name },
          bind: "127.0.0.1",
          captureMode: "NONE",
          defaultEndpoint: `127.0.0.1:${applicationPort}`,
        })),
        egress: [{ hosts: ["./*"] }],
      },
    },
    {
      apiVersion: "security.istio.io/v1",
      kind: "PeerAuthentication",
      metadata: { name: "every-pod", namespace: NAMESPACE },
      spec: { mtls: { mode: "DISABLE" } },
    },
  ];
}

import type { Manifest } from "./rendered.ts";

/** Mistakes that people make: one change to one of our manifests, and why an API server refuses it. */
export interface Broken {
  readonly what: string;
  readonly kind: string;
  readonly name: string;
  /** Edits a copy of the manifest. */
  readonly change: (manifest: Mutable) => void;
  readonly reason: RegExp;
}

// biome-ignore lint/suspicious/noExplicitAny: a manifest is what another program's schema says
type Mutable = any;

const content = "dailyfeed-content";
const containerOf = (manifest: Mutable) => manifest.spec.template.spec.containers[0];

export const BROKEN: readonly Broken[] = [
  {
    what: "a time zone that does not exist",
    kind: "CronJob",
    name: "dailyfeed-clean-expired",
    change: ({ spec }) => {
      spec.timeZone = "Asia/Soul";
    },
    reason: /unknown time zone Asia\/Soul/,
  },
  {
    what: "a sixty-first minute",
    kind: "CronJob",
    name: "dailyfeed-clean-expired",
    change: ({ spec }) => {
      spec.schedule = "61 3 * * *";
    },
    reason: /end of range \(61\) above maximum \(59\)/,
  },
  {
    what: "an autoscaler whose least is more than its most",
    kind: "HorizontalPodAutoscaler",
    name: content,
    change: ({ spec }) => {
      spec.minReplicas = 20;
    },
    reason: /maxReplicas: Invalid value.*greater than or equal to `minReplicas`/,
  },
  {
    what: "a port that no machine has",
    kind: "NetworkPolicy",
    name: "groups",
    change: ({ spec }) => {
      spec.ingress[0].ports[0].port = 70_000;
    },
    reason: /ports\[0\]\.port: Invalid value: 70000/,
  },
  {
    what: "an exception outside of its range",
    kind: "NetworkPolicy",
    name: "to-stores",
    change: ({ spec }) => {
      spec.egress[0].to = [{ ipBlock: { cidr: "10.20.0.0/24", except: ["10.30.0.0/28"] } }];
    },
    reason: /except\[0\]: Invalid value.*strict subset of `cidr`/,
  },
  {
    what: "an API that was removed",
    kind: "PodDisruptionBudget",
    name: content,
    change: (manifest) => {
      manifest.apiVersion = "policy/v1beta1";
    },
    reason: /no matches for kind "PodDisruptionBudget" in version "policy\/v1beta1"/,
  },
  {
    what: "a budget that says both how many may go and how many must stay",
    kind: "PodDisruptionBudget",
    name: content,
    change: ({ spec }) => {
      spec.minAvailable = 1;
    },
    reason: /minAvailable and maxUnavailable cannot be both set/,
  },
  {
    what: "a request above its limit",
    kind: "Deployment",
    name: content,
    change: (manifest) => {
      containerOf(manifest).resources.requests.memory = "4Gi";
    },
    reason: /requests: Invalid value: "4Gi": must be less than or equal to memory limit/,
  },
  {
    what: "a selector that does not mean its own pods",
    kind: "Deployment",
    name: content,
    change: ({ spec }) => {
      spec.template.metadata.labels.app = "dailyfeed-contents";
    },
    reason: /`selector` does not match template `labels`/,
  },
  {
    what: "a misspelt field",
    kind: "Deployment",
    name: content,
    change: ({ spec }) => {
      spec.replica = 2;
    },
    reason: /unknown field "spec\.replica"/,
  },
  {
    what: "a rollout that may neither add nor take away",
    kind: "Deployment",
    name: content,
    change: ({ spec }) => {
      spec.strategy.rollingUpdate = { maxSurge: 0, maxUnavailable: 0 };
    },
    reason: /maxUnavailable: Invalid value.*may not be 0 when `maxSurge` is 0/,
  },
  {
    what: "a pause longer than the time to stop",
    kind: "Deployment",
    name: content,
    change: (manifest) => {
      containerOf(manifest).lifecycle.preStop.sleep.seconds = 600;
    },
    reason: /preStop\.sleep: Invalid value: 600/,
  },
  {
    what: "a pod with all rights",
    kind: "Pod",
    name: content,
    change: ({ spec }) => {
      spec.containers[0].securityContext = { privileged: true };
    },
    reason: /violates PodSecurity "restricted:latest": privileged/,
  },
  {
    what: "a pod that runs as root",
    kind: "Pod",
    name: "dailyfeed-migrate",
    change: ({ spec }) => {
      spec.securityContext = {};
    },
    reason: /violates PodSecurity "restricted:latest".*runAsNonRoot != true/,
  },
  {
    what: "a folder of the node's",
    kind: "Pod",
    name: "dailyfeed-image",
    change: ({ spec }) => {
      spec.volumes[0] = { name: "data", hostPath: { path: "/var" } };
    },
    reason: /violates PodSecurity "restricted:latest".*restricted volume types.*hostPath/,
  },
  {
    what: "a time that is none",
    kind: "VirtualService",
    name: content,
    change: ({ spec }) => {
      spec.http[0].timeout = "2sec";
    },
    reason: /spec\.http\[0\]\.timeout.*must be a valid duration/,
  },
  {
    what: "a route with a misspelt field",
    kind: "VirtualService",
    name: content,
    change: ({ spec }) => {
      spec.http[1].retry = spec.http[1].retries;
    },
    reason: /unknown field "spec\.http\[1\]\.retry"/,
  },
  {
    what: "a balancer that Istio does not have",
    kind: "DestinationRule",
    name: content,
    change: ({ spec }) => {
      spec.trafficPolicy.loadBalancer.simple = "LEAST_REQUESTS";
    },
    reason: /loadBalancer\.simple: Unsupported value: "LEAST_REQUESTS"/,
  },
  {
    what: "a policy that neither allows nor denies",
    kind: "AuthorizationPolicy",
    name: content,
    change: ({ spec }) => {
      spec.action = "PERMIT";
    },
    reason: /spec\.action: Unsupported value: "PERMIT"/,
  },
];

/** A copy of the manifest with the mistake made. */
export function broken({ change }: Broken, manifest: Manifest): Manifest {
  const copy = structuredClone(manifest);
  change(copy);
  return copy;
}

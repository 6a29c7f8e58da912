import { expect, it } from "vitest";
import { describeRendered, GROUPS, type Manifest, named, OVERLAYS, rendered } from "./rendered.ts";

/** Who may connect to whom, by the rendered NetworkPolicies alone. */

type Labels = Readonly<Record<string, string>>;
interface Peer {
  readonly namespace: string;
  readonly labels: Labels;
}

const matches = (selector: { matchLabels?: Labels } | undefined, labels: Labels): boolean =>
  Object.entries(selector?.matchLabels ?? {}).every(([name, value]) => labels[name] === value);

/** As Kubernetes has it: what no policy selects is open; else one rule of one policy must allow it. */
function mayReach(manifests: readonly Manifest[], from: Peer, to: Peer, port: number): boolean {
  const policies = manifests.filter(
    ({ kind, metadata, spec }) =>
      kind === "NetworkPolicy" &&
      metadata.namespace === to.namespace &&
      spec.policyTypes.includes("Ingress") &&
      matches(spec.podSelector, to.labels),
  );
  if (policies.length === 0) return true;
  return policies.some(({ spec }) =>
    (spec.ingress ?? []).some(
      (rule: Manifest) =>
        rule.ports.some((open: { port: number }) => open.port === port) &&
        rule.from.some((peer: Manifest) => isPeer(peer, from, to)),
    ),
  );
}

const isPeer = (peer: Manifest, from: Peer, to: Peer): boolean =>
  matches(peer.podSelector, from.labels) &&
  (peer.namespaceSelector
    ? matches(peer.namespaceSelector, { "kubernetes.io/metadata.name": from.namespace })
    : from.namespace === to.namespace);

const PROMETHEUS: Peer = { namespace: "istio-system", labels: { "app.kubernetes.io/name": "prometheus" } };
const INGRESS: Peer = { namespace: "istio-system", labels: { istio: "ingressgateway" } };
const STRANGER: Peer = { namespace: "default", labels: { app: "curl" } };
/** The node's own metrics, the sidecar's for both, the sidecar's own. */
const METRICS = [3030, 15_020, 15_090];

for (const overlay of OVERLAYS) {
  describeRendered(`network policies of ${overlay}`, () => {
    const manifests = rendered(`overlays/${overlay}`);
    const podOf = (group: string): Peer => ({
      namespace: "dailyfeed",
      labels: named(manifests, "Deployment", `dailyfeed-${group}`).spec.template.metadata.labels,
    });

    it.each(GROUPS)("Prometheus reaches the metrics of %s, and nothing else does", (group) => {
      for (const port of METRICS) {
        expect(mayReach(manifests, PROMETHEUS, podOf(group), port), `${port}`).toBe(true);
        for (const other of [INGRESS, STRANGER, podOf("member")])
          expect(mayReach(manifests, other, podOf(group), port), `${port}`).toBe(false);
      }
    });

    it.each(GROUPS)("the ingress alone reaches the API of %s", (group) => {
      expect(mayReach(manifests, INGRESS, podOf(group), 8080)).toBe(true);
      for (const other of [PROMETHEUS, STRANGER, podOf("member")])
        expect(mayReach(manifests, other, podOf(group), 8080)).toBe(false);
    });

    it.each(GROUPS)("%s says where its metrics are, on a port that it has", (group) => {
      const { metadata, spec } = named(manifests, "Deployment", `dailyfeed-${group}`).spec.template;
      const port = Number(metadata.annotations["prometheus.io/port"]);
      expect(METRICS).toContain(port);
      expect(spec.containers[0].ports).toContainEqual({ name: "http-metrics", containerPort: port });
      expect(
        named(manifests, "ConfigMap", spec.containers[0].envFrom[0].configMapRef.name).data,
      ).toMatchObject({
        METRICS_PORT: String(port),
      });
    });
  });
}

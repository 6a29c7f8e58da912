import { describe } from "vitest";
import { ControlPlane, isThere } from "../../scripts/verify/kubernetes/control-plane.ts";
import { type Manifest, OVERLAYS, rendered } from "./rendered.ts";

/** Istio's own definitions of its objects: scripts/kubernetes-tools.sh says where they are. */
const CRDS = process.env.ISTIO_CRDS;

/**
 * Runs where an API server can be started, and the programs named are there; elsewhere it says so, and is counted as
 * skipped.
 */
export function describeOnServer(name: string, programs: readonly string[], body: () => void): void {
  const missing = [...ControlPlane.missing(), ...programs.filter((program) => !isThere(program))];
  if (!CRDS) missing.push("ISTIO_CRDS");
  if (missing.length > 0)
    console.warn(
      `KUBERNETES: "${name}" DID NOT RUN, for want of ${missing.join(", ")} (scripts/kubernetes-tools.sh)`,
    );
  describe.skipIf(missing.length > 0)(name, body);
}

/** What a dry run of everything else asks for: namespaces, who pods run as, and their priorities. */
const FIRST = ["Namespace", "PriorityClass", "ServiceAccount"];

/** What the stores' pods run as: a controller manager would have made it. */
const ACCOUNT = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "default", namespace: "infra" },
};

/** An API server that knows Istio's objects, and our namespaces, with pod security as the manifests set it. */
export async function startServer(): Promise<ControlPlane> {
  const server = await ControlPlane.startOrThrow();
  try {
    await server.kubectlOrThrow(["apply", "--server-side", "-f", String(CRDS)]);
    await server.kubectlOrThrow(["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"]);
    const all = [...rendered("infra"), ...OVERLAYS.flatMap((overlay) => rendered(`overlays/${overlay}`))];
    const first = FIRST.flatMap((kind) => all.filter((manifest) => manifest.kind === kind));
    await server.kubectlOrThrow(["apply", "-f", "-"], textOf([...first, ACCOUNT]));
    return server;
  } catch (error) {
    await server.remove();
    throw error;
  }
}

/** JSON is YAML too. Not a List: kubectl would look into one itself, and not leave it to the server. */
export const textOf = (manifests: readonly unknown[]): string =>
  manifests.map((manifest) => JSON.stringify(manifest)).join("\n---\n");

/** What the server would do, and whatever it warns of, without doing it. */
export const dryRun = (server: ControlPlane, manifests: readonly unknown[]) =>
  server.kubectl(["apply", "--dry-run=server", "--validate=strict", "-f", "-"], textOf(manifests));

interface PodTemplate {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly spec: { readonly volumes?: readonly unknown[] };
}

const templateOf = ({ kind, spec }: Manifest): PodTemplate | undefined => {
  if (kind === "CronJob") return spec.jobTemplate.spec.template;
  return ["Deployment", "Job", "StatefulSet"].includes(kind) ? spec.template : undefined;
};

/** The pods that controllers would make: pod security refuses a pod, and only warns of what makes it. */
export function podsOf(manifests: readonly Manifest[]) {
  return manifests.flatMap((manifest) => {
    const template = templateOf(manifest);
    if (!template) return [];
    const { name, namespace } = manifest.metadata;
    const claims = (manifest.spec.volumeClaimTemplates ?? []).map(({ metadata }: Manifest) => ({
      name: metadata.name,
      persistentVolumeClaim: { claimName: `${metadata.name}-${name}-0` },
    }));
    return [
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { ...template.metadata, name, namespace },
        spec: { ...template.spec, volumes: [...(template.spec.volumes ?? []), ...claims] },
      },
    ];
  });
}

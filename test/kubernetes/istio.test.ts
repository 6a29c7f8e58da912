import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ControlPlane } from "../../scripts/verify/kubernetes/control-plane.ts";
import { describeOnServer, dryRun, podsOf, startServer, textOf } from "./cluster.ts";
import { type Manifest, named, OVERLAYS, rendered } from "./rendered.ts";

/** What the production overlay expects of its cluster: the certificate of the public host. */
const CERTIFICATE = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "dailyfeed-example-com", namespace: "istio-system" },
  type: "kubernetes.io/tls",
  data: { "tls.crt": "", "tls.key": "" },
};

interface Finding {
  readonly code: string;
  readonly level: string;
  readonly message: string;
  readonly origin: string;
}

describeOnServer("Istio's own tools", ["istioctl"], () => {
  let server: ControlPlane;
  let folder: string;
  /** What install.sh gives to the cluster. */
  let istio: readonly Manifest[];
  beforeAll(async () => {
    server = await startServer();
    folder = mkdtempSync(join(tmpdir(), "istio-"));
    const generated = await server.run("istioctl", [
      "manifest",
      "generate",
      "-f",
      "kubernetes/kind/istio.yaml",
    ]);
    istio = (loadAll(generated.output) as Manifest[]).filter(Boolean);
  }, 180_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server?.remove();
  }, 60_000);

  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  async function analyse(manifests: readonly unknown[]): Promise<readonly Finding[]> {
    // Without -A the analyser looks at one namespace, and finds nothing to say.
    const args = [
      "analyze",
      "-A",
      "--use-kube=false",
      "--output",
      "json",
      file("all.yaml", textOf([...istio, CERTIFICATE, ...manifests])),
    ];
    const { output, errors } = await server.run("istioctl", args);
    if (output.trim() === "") throw new Error(`istioctl analyze: ${errors}`);
    return (JSON.parse(output) as Finding[] | null) ?? [];
  }

  const everything = (overlay: string) => [
    ...rendered(`overlays/${overlay}`),
    ...(overlay === "kind" ? rendered("infra") : []),
  ];

  it.each(OVERLAYS)("the analyser has neither an error nor a warning for %s", async (overlay) => {
    const findings = await analyse(everything(overlay));
    expect(findings.filter(({ level }) => level !== "Info")).toEqual([]);
  });

  it("the analyser finds a subset and a gateway that are not there", async () => {
    const manifests = structuredClone(everything("kind")) as Manifest[];
    const { spec } = named(manifests, "VirtualService", "dailyfeed-content");
    spec.http[0].route[0].destination.subset = "v3";
    spec.gateways[1] = "dailyfed-gateway";
    const messages = (await analyse(manifests)).map(({ level, message }) => `${level}: ${message}`);
    expect(messages).toContainEqual(expect.stringMatching(/^Error: .*\+v3/));
    expect(messages).toContainEqual(expect.stringMatching(/^Error: .*dailyfed-gateway/));
  });

  async function inject(manifests: readonly Manifest[]): Promise<readonly Manifest[]> {
    const injector = named(istio, "ConfigMap", "istio-sidecar-injector").data;
    const args = [
      ...["--injectConfigFile", file("injector.yaml", injector.config)],
      ...["--valuesFile", file("values.json", injector.values)],
      ...["--meshConfigFile", file("mesh.yaml", named(istio, "ConfigMap", "istio").data.mesh)],
      ...["-f", file("workloads.yaml", textOf(manifests))],
    ];
    // The injector is istiod's: it decides as the environment of kind/istio.yaml tells it.
    const { env } = named(istio, "Deployment", "istiod").spec.template.spec.containers[0];
    const features = env.flatMap(({ name, value }: { name: string; value?: string }) =>
      name.startsWith("ENABLE_") ? [`${name}=${value}`] : [],
    );
    const { code, output, errors } = await server.run("env", [
      ...features,
      "istioctl",
      "kube-inject",
      ...args,
    ]);
    if (code !== 0) throw new Error(`istioctl kube-inject: ${errors}`);
    return (loadAll(output) as Manifest[]).filter(Boolean);
  }

  const workloads = (manifests: readonly Manifest[]) =>
    manifests.filter(({ kind }) => ["Deployment", "Job", "CronJob", "StatefulSet"].includes(kind));

  it.each(OVERLAYS)(
    'every workload of %s gets a native sidecar, and stays within "restricted"',
    async (overlay) => {
      const before = workloads(everything(overlay));
      const injected = await inject(before);
      expect(injected).toHaveLength(before.length);
      const pods = podsOf(injected) as unknown as Manifest[];
      for (const { metadata, spec } of pods) {
        expect(spec.containers, metadata.name).toHaveLength(1);
        const sidecar = spec.initContainers.find(({ name }: Manifest["metadata"]) => name === "istio-proxy");
        expect(sidecar, metadata.name).toMatchObject({ restartPolicy: "Always" });
      }
      for (const manifests of [injected, pods]) {
        const { errors, output } = await dryRun(server, manifests);
        expect(errors).toBe("");
        expect(output.match(/\(server dry run\)/g)).toHaveLength(manifests.length);
      }
    },
  );

  it("Prometheus is sent to a port that it may reach, where the sidecar answers for both", async () => {
    const { spec: policy } = named(rendered("overlays/kind"), "NetworkPolicy", "groups");
    const open = policy.ingress[1].ports.map(({ port }: { port: number }) => String(port));
    for (const pod of podsOf(await inject(workloads(rendered("overlays/kind"))))) {
      const { annotations, labels } = pod.metadata as unknown as Record<string, Record<string, string>>;
      if (labels?.role !== "group") continue;
      expect(annotations?.["prometheus.io/path"]).toBe("/stats/prometheus");
      expect(open).toContain(annotations?.["prometheus.io/port"]);
    }
  });
});

import { readFileSync } from "node:fs";
import { Cron } from "croner";
import { load, loadAll } from "js-yaml";
import { describe, expect, it } from "vitest";
import { configOrThrow } from "../../config/index.ts";
import { JOBS } from "../../config/jobs.ts";
import { SERVICE_NAMES } from "../../config/services.ts";
import { VARIABLES } from "../../config/variables.ts";
import { describeRendered, GROUPS, type Manifest, named, OVERLAYS, rendered } from "./rendered.ts";

/** Everything that one manifest says of another, or of the product, is so. */

/** What the Secret of the stores holds (docs/operations.md). */
const SECRETS = [
  ...["DATABASE_URL", "MONGO_URL", "REDIS_URL", "TRANSPORTER", "KAFKA_BROKERS"],
  ...["TYPESENSE_URL", "TYPESENSE_API_KEY"],
];

const podsOf = (manifests: readonly Manifest[]) =>
  manifests.flatMap(({ kind, metadata: { name }, spec }) => {
    if (kind === "CronJob") return [{ kind, name, template: spec.jobTemplate.spec.template }];
    return ["Deployment", "Job", "StatefulSet"].includes(kind)
      ? [{ kind, name, template: spec.template }]
      : [];
  });

const names = (manifests: readonly Manifest[], kind: string) =>
  manifests.filter((manifest) => manifest.kind === kind).map(({ metadata }) => metadata.name);

for (const overlay of OVERLAYS) {
  describeRendered(`overlay ${overlay}`, () => {
    const manifests = rendered(`overlays/${overlay}`);
    const pods = podsOf(manifests);

    it.each(GROUPS)("%s: service, rules, autoscaler and budget mean its pods", (group) => {
      const name = `dailyfeed-${group}`;
      const { template } = named(manifests, "Deployment", name).spec;
      expect(template.metadata.labels).toMatchObject({ app: name, version: "v1" });
      const service = named(manifests, "Service", name).spec;
      expect(service.selector).toEqual({ app: name });
      expect(service.ports).toEqual([{ name: "http", port: 8080, targetPort: "http" }]);
      expect(template.spec.containers[0].ports).toContainEqual({ name: "http", containerPort: 8080 });
      expect(names(manifests, "ServiceAccount")).toContain(template.spec.serviceAccountName);
      expect(template.spec.serviceAccountName).toBe(name);
      expect(named(manifests, "HorizontalPodAutoscaler", name).spec.scaleTargetRef).toEqual({
        apiVersion: "apps/v1",
        kind: "Deployment",
        name,
      });
      const budget = named(manifests, "PodDisruptionBudget", name).spec;
      expect(budget.selector.matchLabels).toEqual({ app: name });
      expect(named(manifests, "AuthorizationPolicy", name).spec.selector.matchLabels).toEqual({ app: name });

      const rule = named(manifests, "DestinationRule", name).spec;
      expect(rule.host).toBe(name);
      expect(rule.subsets).toEqual([
        { name: "v1", labels: { version: "v1" } },
        { name: "v2", labels: { version: "v2" } },
      ]);
      const { hosts, gateways, http } = named(manifests, "VirtualService", name).spec;
      expect(hosts[0]).toBe(name);
      expect(gateways).toEqual(["mesh", "dailyfeed-gateway"]);
      const { servers } = named(manifests, "Gateway", "dailyfeed-gateway").spec;
      for (const host of hosts.slice(1)) expect(servers[0].hosts).toContain(host);
      for (const { route } of http) {
        for (const { destination } of route) {
          expect(destination.host).toBe(name);
          expect(destination.port.number).toBe(8080);
        }
        expect(route.map(({ destination, weight }: Manifest) => [destination.subset, weight])).toEqual([
          ["v1", 100],
          ["v2", 0],
        ]);
      }
    });

    it("every group's roles are services of the product, each in one group", () => {
      const roles = GROUPS.flatMap((group) => {
        const { env } = named(manifests, "Deployment", `dailyfeed-${group}`).spec.template.spec.containers[0];
        const { value } = env.find(({ name }: { name: string }) => name === "SERVICES");
        expect(value.split(",")).toContain("api");
        return value.split(",").filter((role: string) => role !== "api");
      });
      expect(roles.sort()).toEqual(SERVICE_NAMES.filter((name) => name !== "api" && name !== "batch").sort());
    });

    it("every job of the product has its time in one CronJob", () => {
      const crons = manifests.filter(({ kind }) => kind === "CronJob");
      const scheduled = crons.flatMap(({ spec }) => {
        const [container] = spec.jobTemplate.spec.template.spec.containers;
        expect(spec).toMatchObject({
          timeZone: configOrThrow({}).jobs.timeZone,
          concurrencyPolicy: "Forbid",
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 3,
          jobTemplate: { spec: { backoffLimit: 2 } },
        });
        expect(container.command).toEqual(["node", "scripts/job.ts"]);
        expect(new Cron(spec.schedule, { paused: true }).nextRun()).toBeInstanceOf(Date);
        return container.args.map((name: string) => `${name} ${spec.schedule}`);
      });
      expect(scheduled.sort()).toEqual(JOBS.map(({ name, schedule }) => `${name} ${schedule}`).sort());
    });

    it("every variable is one of the configuration, and together they are a configuration", () => {
      const { data } = named(manifests, "ConfigMap", configNameOf(pods[0]?.template));
      for (const { name, template } of pods) {
        for (const { env = [], envFrom } of template.spec.containers) {
          const set = [...Object.keys(data), ...env.map((variable: { name: string }) => variable.name)];
          expect(
            set.filter((variable: string) => !(variable in VARIABLES)),
            name,
          ).toEqual([]);
          // Secrets come from the Secret alone.
          expect(
            set.filter((variable: string) => SECRETS.includes(variable)),
            name,
          ).toEqual([]);
          expect(envFrom).toContainEqual({ secretRef: { name: "dailyfeed-stores" } });
        }
      }
      expect(SECRETS.filter((variable) => !(variable in VARIABLES))).toEqual([]);
      expect(configOrThrow(data).gateway).toMatchObject({ port: 8080, host: "0.0.0.0" });
    });

    it("no pod has more rights than it needs, and each says what it uses", () => {
      for (const { name, template } of pods) {
        const { spec } = template;
        expect(spec.automountServiceAccountToken, name).toBe(false);
        expect(spec.securityContext, name).toMatchObject({
          runAsNonRoot: true,
          seccompProfile: { type: "RuntimeDefault" },
        });
        for (const container of spec.containers) {
          expect(container.securityContext, name).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          });
          expect(container.resources.requests, name).toMatchObject({
            cpu: expect.any(String),
            memory: expect.any(String),
          });
          expect(container.resources.limits.memory, name).toEqual(expect.any(String));
          expect(container.image, name).toMatch(/:[\w.-]+$/);
        }
      }
    });

    it("a stopping pod has time for its pause, its drain and what it has in hand", () => {
      const { data } = named(manifests, "ConfigMap", configNameOf(pods[0]?.template));
      const drain = configOrThrow(data).gateway.drainDelay / 1_000;
      const longest = 30;
      for (const group of GROUPS) {
        const { spec } = named(manifests, "Deployment", `dailyfeed-${group}`).spec.template;
        const { seconds } = spec.containers[0].lifecycle.preStop.sleep;
        expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(seconds + drain + longest);
      }
    });
  });
}

function configNameOf(template: Manifest | undefined): string {
  return template?.spec.containers[0].envFrom[0].configMapRef.name;
}

describeRendered("the stores of kind", () => {
  const manifests = rendered("infra");
  const stores = manifests.filter(({ kind }) => kind === "StatefulSet");

  it("are never starved: first in line, with all that they ask for", () => {
    expect(stores).toHaveLength(5);
    for (const { metadata, spec } of stores) {
      const { annotations } = spec.template.metadata;
      const prefix = "sidecar.istio.io/proxy";
      expect(names(manifests, "PriorityClass")).toContain(spec.template.spec.priorityClassName);
      for (const { resources } of spec.template.spec.containers)
        expect(resources.requests, metadata.name).toEqual(resources.limits);
      expect(annotations[`${prefix}CPU`]).toBe(annotations[`${prefix}CPULimit`]);
      expect(annotations[`${prefix}Memory`]).toBe(annotations[`${prefix}MemoryLimit`]);
    }
  });

  it("are the same versions as those of docker-compose.yml", () => {
    const compose = readFileSync("docker-compose.yml", "utf8");
    for (const { spec } of stores)
      expect(compose).toContain(`image: ${spec.template.spec.containers[0].image}\n`);
  });

  it("are reached on ports that the product may reach, named so that the mesh leaves them alone", () => {
    const open = named(rendered("overlays/kind"), "NetworkPolicy", "to-stores").spec.egress[0].ports;
    for (const { spec } of manifests.filter(({ kind }) => kind === "Service")) {
      expect(spec.ports[0].name).toMatch(/^tcp-/);
      expect(open).toContainEqual({ protocol: "TCP", port: spec.ports[0].port });
    }
  });

  it("leave room for every group at its largest, on the laptop that the overlay names", () => {
    const product = rendered("overlays/kind");
    const cores = (quantity: string | number) =>
      String(quantity).endsWith("m") ? Number.parseInt(String(quantity), 10) / 1_000 : Number(quantity);
    const stored = stores.reduce(
      (sum, { spec }) => sum + cores(spec.template.spec.containers[0].resources.requests.cpu) + 0.1,
      0,
    );
    const grown = GROUPS.reduce((sum, group) => {
      const { maxReplicas } = named(product, "HorizontalPodAutoscaler", `dailyfeed-${group}`).spec;
      const [container] = named(product, "Deployment", `dailyfeed-${group}`).spec.template.spec.containers;
      // The sidecar's share is in kind/istio.yaml.
      return sum + maxReplicas * (cores(container.resources.requests.cpu) + 0.02);
    }, 0);
    const { hard } = named(product, "ResourceQuota", "dailyfeed").spec;
    expect(grown).toBeLessThanOrEqual(cores(hard["requests.cpu"]));
    expect(stored + cores(hard["requests.cpu"])).toBeLessThan(8);
  });
});

describeRendered("a canary", () => {
  it.each(GROUPS)("of %s is one Deployment, of the same Service and subset v2", (group) => {
    const manifests = rendered(`canary/${group}`);
    expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
      `Deployment dailyfeed/dailyfeed-${group}-v2`,
    ]);
    const { selector, template } = manifests[0]?.spec ?? {};
    const labels = { app: `dailyfeed-${group}`, version: "v2" };
    expect(selector.matchLabels).toEqual(labels);
    expect(template.metadata.labels).toMatchObject(labels);
    expect(template.spec.serviceAccountName).toBe(`dailyfeed-${group}`);
  });
});

describe("the dashboard", () => {
  it("asks for metrics that there are", () => {
    const { panels } = JSON.parse(readFileSync("kubernetes/dashboards/dailyfeed.json", "utf8"));
    const asked = panels.flatMap(({ targets = [] }: { targets?: { expr: string }[] }) =>
      targets.flatMap(({ expr }) => expr.match(/dailyfeed_\w+/g) ?? []),
    );
    const described = readFileSync("README.md", "utf8");
    const missing = asked.filter(
      (name: string) => !described.includes(`\`${name.replace(/_(bucket|count|sum)$/, "")}\``),
    );
    expect(asked.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });
});

describe("the kind cluster", () => {
  it("has one control plane, two workers, and the web's ports", () => {
    const { nodes } = load(readFileSync("kubernetes/kind/cluster.yaml", "utf8")) as {
      nodes: { role: string; extraPortMappings?: { hostPort: number; containerPort: number }[] }[];
    };
    const [istio] = loadAll(readFileSync("kubernetes/kind/istio.yaml", "utf8")) as Manifest[];
    expect(nodes.map(({ role }) => role)).toEqual(["control-plane", "worker", "worker"]);
    const { ports } = istio?.spec.components.ingressGateways[0].k8s.service ?? {};
    expect(
      nodes[0]?.extraPortMappings?.map(({ hostPort, containerPort }) => [hostPort, containerPort]),
    ).toEqual(ports.map(({ port, nodePort }: { port: number; nodePort: number }) => [port, nodePort]));
  });
});

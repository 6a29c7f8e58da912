import { loadAll } from "js-yaml";
import type { RealServers } from "../../events/real-servers.ts";
import { until } from "../../events/until.ts";
import type { ApiClient, KubernetesObject } from "../api-client.ts";
import { list } from "../cluster.ts";
import type { ControlPlane } from "../control-plane.ts";
import type { Bridge } from "./bridge.ts";

/** What the load needs; the other groups would only take processors from these. */
const NAMES = ["dailyfeed-member", "dailyfeed-content", "dailyfeed-timeline"];
const SHARED_KINDS = ["Namespace", "ResourceQuota", "ServiceAccount", "ConfigMap", "NetworkPolicy"];
/** Of a group; Istio's objects and CronJobs stay out. */
const GROUP_KINDS = ["Service", "Deployment", "PodDisruptionBudget", "HorizontalPodAutoscaler"];

/**
 * Migrates with our Job, and rolls out three groups of overlays/kind as they are rendered: nothing is patched.
 * Resolves when two pods of each are available.
 * @throws Error with the pods' states when they aren't in time
 */
export async function installOrThrow(
  plane: ControlPlane,
  api: ApiClient,
  { databaseUrl, redisUrl }: RealServers,
  bridge: Bridge,
): Promise<void> {
  const apply = (objects: readonly KubernetesObject[]) =>
    plane.kubectlOrThrow(["apply", "-f", "-"], JSON.stringify(list(objects)));
  const objects = loadAll(
    await plane.kubectlOrThrow(["kustomize", "kubernetes/overlays/kind"]),
  ) as KubernetesObject[];
  const redis = await bridge.toStore(redisUrl);
  await apply(objects.filter(({ kind }) => kind === "Namespace"));
  await apply([
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "dailyfeed-stores", namespace: "dailyfeed" },
      stringData: {
        DATABASE_URL: await bridge.toStore(databaseUrl),
        REDIS_URL: redis,
        TRANSPORTER: redis.replace(/\/0$/, "/1"),
      },
    },
    ...objects.filter(({ metadata }) => metadata.labels?.["dailyfeed/step"] === "migrate"),
  ]);
  const states = () => podStates(plane);
  await until(
    "the migration is done",
    async () =>
      (await api.get("/apis/batch/v1/namespaces/dailyfeed/jobs/dailyfeed-migrate")).status.succeeded === 1,
    states,
  );
  await apply(
    objects.filter(
      ({ kind, metadata }) =>
        SHARED_KINDS.includes(kind) || (GROUP_KINDS.includes(kind) && NAMES.includes(metadata.name)),
    ),
  );
  await until(
    "two pods of each group are available",
    async () => {
      const deployments = await api.list("/apis/apps/v1/namespaces/dailyfeed/deployments");
      return deployments.every(({ status }) => status.availableReplicas === 2);
    },
    states,
  );
}

/** Where the Service of a group answers. */
export async function serviceUrl(api: ApiClient, name: string): Promise<string> {
  const { spec } = await api.get(`/api/v1/namespaces/dailyfeed/services/${name}`);
  return `http://${spec.clusterIP}:${spec.ports[0].port}`;
}

async function podStates(plane: ControlPlane): Promise<string> {
  const commands = [
    ["get", "pods", "-o", "wide"],
    ["get", "events", "--field-selector=type=Warning"],
    ["logs", "--selector=app.kubernetes.io/part-of=dailyfeed", "--tail=5", "--prefix"],
  ];
  const answers = await Promise.all(
    commands.map((command) => plane.kubectl(["-n", "dailyfeed", ...command])),
  );
  return answers.map(({ output, errors }) => `${output}${errors}`.slice(0, 4_000)).join("\n");
}

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../../../config/child-environment.ts";
import { freePort } from "../events/real-servers.ts";
import { ControlPlane } from "../kubernetes/control-plane.ts";
import { Envoy } from "./envoy.ts";
import { startIstiodOrThrow } from "./istiod.ts";
import { type Manifest, Manifests } from "./manifests.ts";
import type { Pod } from "./pod.ts";
import type { Program } from "./program.ts";
import { type Endpoint, ingressService, service, sidecars } from "./stand-ins.ts";

const CONTROL_PLANE = fileURLToPath(new URL("../../control-plane.sh", import.meta.url));

/** An API server with our manifests, the istiod that reads them, and the Envoys that it programs. */
export class Cluster {
  readonly plane: ControlPlane;
  readonly manifests: Manifests;
  readonly #istiod: Program;
  readonly #discoveryPort: number;
  readonly #gateways: { address: string; port: number }[] = [];
  readonly #envoys: Envoy[] = [];

  private constructor(plane: ControlPlane, manifests: Manifests, istiod: Program, discoveryPort: number) {
    this.plane = plane;
    this.manifests = manifests;
    this.#istiod = istiod;
    this.#discoveryPort = discoveryPort;
  }

  /** @throws Error with what did not start, and what it printed */
  static async startOrThrow(): Promise<Cluster> {
    const crds = childEnvironment({}).ISTIO_CRDS;
    if (!crds) throw new Error("ISTIO_CRDS is not set: scripts/kubernetes-tools.sh prints it");
    const plane = await ControlPlane.startOrThrow();
    // However this process ends (but by kill -9), it leaves none of it behind.
    process.once("exit", () => {
      spawnSync("bash", [CONTROL_PLANE, "down"], {
        env: childEnvironment({ CONTROL_PLANE_DIR: plane.folder }),
      });
    });
    await plane.kubectlOrThrow(["apply", "--server-side", "-f", crds]);
    await plane.kubectlOrThrow([...["wait", "--for=condition=Established", "--timeout=60s", "crd", "--all"]]);
    for (const namespace of ["istio-system", "dailyfeed"]) {
      await plane.kubectlOrThrow(["create", "namespace", namespace]);
    }
    const manifests = await Manifests.renderOrThrow(plane);
    await apply(plane, manifests.given);
    const port = await freePort();
    const istiod = await startIstiodOrThrow(plane.folder, `${plane.folder}/admin.kubeconfig`, port);
    return new Cluster(plane, manifests, istiod, port);
  }

  async apply(objects: readonly Manifest[]): Promise<void> {
    await apply(this.plane, objects);
  }

  /** Makes these the endpoints of a group's Service. */
  async setEndpoints(group: string, endpoints: readonly Endpoint[]): Promise<void> {
    await this.apply([service(group, endpoints)]);
  }

  /** Starts the Envoy that is the sidecar of every pod. */
  async startSidecars(pods: readonly Pod[]): Promise<Envoy> {
    await this.apply(sidecars(pods));
    return this.#startEnvoy("every-pod", "sidecar", "127.0.0.1", "dailyfeed", {}, await freePort());
  }

  /** Starts an ingress gateway, which knows nothing yet of ejected hosts, at a port of its own. */
  async startGateway(): Promise<{ envoy: Envoy; port: number }> {
    const port = await freePort();
    const number = this.#gateways.length + 1;
    const address = `127.0.1.${number}`;
    this.#gateways.push({ address, port });
    await this.apply([ingressService(this.#gateways)]);
    const labels = { istio: "ingressgateway" };
    const envoy = await this.#startEnvoy(
      `ingress-${number}`,
      "router",
      address,
      "istio-system",
      labels,
      port + 1,
    );
    return { envoy, port };
  }

  async remove(): Promise<void> {
    await Promise.all(this.#envoys.map((envoy) => envoy.stop()));
    await this.#istiod.stop();
    await this.plane.remove();
  }

  async #startEnvoy(
    name: string,
    kind: "router" | "sidecar",
    address: string,
    namespace: string,
    labels: Readonly<Record<string, string>>,
    adminPort: number,
  ): Promise<Envoy> {
    const envoy = await Envoy.startOrThrow({
      ...{ name, kind, address, namespace, labels, adminPort },
      discoveryPort: this.#discoveryPort,
      folder: this.plane.folder,
    });
    this.#envoys.push(envoy);
    return envoy;
  }
}

async function apply(plane: ControlPlane, items: readonly Manifest[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await plane.kubectlOrThrow(["apply", "--server-side", "--force-conflicts", "-f", "-"], list);
}

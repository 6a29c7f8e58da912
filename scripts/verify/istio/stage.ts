import { connect } from "node:net";
import sharp from "sharp";
import { freePort, type RealServers, startServersOrThrow } from "../events/real-servers.ts";
import { until } from "../events/until.ts";
import { joinMembers, type LoadMember } from "../load/members.ts";
import { Client } from "./client.ts";
import { Cluster } from "./cluster.ts";
import { GROUP_NAMES, type GroupName } from "./design.ts";
import type { Envoy } from "./envoy.ts";
import type { Pod } from "./pod.ts";
import { Product } from "./product.ts";
import { clusterOf, type Endpoint, type Version } from "./stand-ins.ts";

/** An ingress gateway of its own for a check. */
export interface Gateway {
  readonly envoy: Envoy;
  readonly client: Client;
  readonly url: string;
  close(): Promise<void>;
}

/** Everything that the checks look at: the product, its pods, and the mesh in front of them. */
export class Stage {
  readonly cluster: Cluster;
  readonly product: Product;
  readonly member: LoadMember;
  readonly sidecar: Envoy;
  readonly #servers: RealServers;
  readonly #endpoints: Map<string, readonly Endpoint[]>;

  private constructor(parts: {
    cluster: Cluster;
    product: Product;
    member: LoadMember;
    sidecar: Envoy;
    servers: RealServers;
    endpoints: Map<string, readonly Endpoint[]>;
  }) {
    this.cluster = parts.cluster;
    this.product = parts.product;
    this.member = parts.member;
    this.sidecar = parts.sidecar;
    this.#servers = parts.servers;
    this.#endpoints = parts.endpoints;
  }

  /** @throws Error with what did not start */
  static async startOrThrow(say: (text: string) => void): Promise<Stage> {
    const servers = await startServersOrThrow();
    const undo: (() => Promise<void>)[] = [() => servers.remove()];
    try {
      say("servers are up");
      const product = await Product.startOrThrow(servers);
      undo.unshift(() => product.remove());
      say(`${product.processes} processes are up`);
      const cluster = await Cluster.startOrThrow();
      undo.unshift(() => cluster.remove());
      say("the control plane and istiod are up");
      const endpoints = new Map<string, readonly Endpoint[]>();
      for (const [group, [first]] of Object.entries(product.pods)) {
        endpoints.set(group, [{ port: (first as Pod).port, version: "v1" }]);
        await cluster.setEndpoints(group, endpoints.get(group) ?? []);
      }
      const sidecar = await cluster.startSidecars(product.allPods);
      await Promise.all(product.allPods.map(({ port }) => listens(port)));
      const [member] = await joinMembers(`http://127.0.0.1:${product.pods.member[0]?.port}`, 1);
      if (!member) throw new Error("nobody joined");
      say("the pods answer through their sidecars");
      return new Stage({ servers, product, cluster, member, sidecar, endpoints });
    } catch (error) {
      for (const step of undo) await step();
      throw error;
    }
  }

  /**
   * Makes a group's first pods its endpoints, one for each version named.
   * @param gone endpoints of v1 more, at which nothing listens
   * @returns the pods
   */
  async deploy(group: GroupName, versions: readonly Version[], gone = 0): Promise<readonly Pod[]> {
    const pods = this.product.pods[group].slice(0, versions.length);
    const nobody = await freePort();
    const endpoints = [
      ...pods.map(({ port }, index) => ({ port, version: versions[index] as Version })),
      ...Array.from({ length: gone }, (_, index) => ({ port: nobody + index, version: "v1" as const })),
    ];
    await Promise.all(this.product.pods[group].map((pod) => pod.recover()));
    await this.cluster.setEndpoints(group, endpoints);
    this.#endpoints.set(group, endpoints);
    this.count(pods);
    return pods;
  }

  /** @returns the id of a picture */
  async uploadPicture(): Promise<string> {
    const { width, height } = { width: 64, height: 64 };
    const picture = sharp({ create: { width, height, channels: 3, background: "teal" } }).png();
    const body = new FormData();
    body.append("image", new File([new Uint8Array(await picture.toBuffer())], "teal.png"));
    const response = await fetch(`http://127.0.0.1:${this.product.pods.image[0]?.port}/api/images/upload`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${this.member.accessToken}` },
    });
    const { data } = (await response.json()) as { data?: string };
    if (!response.ok || !data) throw new Error(`an upload answered ${response.status}`);
    return data;
  }

  /** Starts counting the hits of pods from zero. */
  count(pods: readonly Pod[]): void {
    for (const pod of pods) pod.hits = { reads: 0, writes: 0 };
  }

  /** An ingress gateway that has not seen an error yet, and knows the pods of these groups. */
  async openGateway(groups: readonly GroupName[] = GROUP_NAMES): Promise<Gateway> {
    const { envoy, port } = await this.cluster.startGateway();
    await this.#settled(envoy, groups);
    await listens(port);
    const client = new Client(port);
    const close = async () => {
      client.close();
      await envoy.stop();
    };
    return { envoy, client, url: `http://localhost:${port}`, close };
  }

  /** Waits until an Envoy knows the endpoints that were set last. */
  async #settled(envoy: Envoy, groups: readonly GroupName[]): Promise<void> {
    for (const group of groups) {
      for (const version of ["v1", "v2"] as const) {
        const ports = (this.#endpoints.get(group) ?? []).filter((endpoint) => endpoint.version === version);
        await envoy.knows(
          clusterOf(group, version),
          ports.map(({ port }) => port),
        );
      }
    }
  }

  async remove(): Promise<void> {
    await this.cluster.remove();
    await this.product.remove();
    await this.#servers.remove();
  }
}

/** Waits until something listens there. */
async function listens(port: number): Promise<void> {
  await until(`something listens at ${port}`, async () => {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    return isOpen;
  });
}

import { loadAll } from "js-yaml";
import type { ControlPlane } from "../kubernetes/control-plane.ts";

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: unknown;
}

export interface RenderedRoute {
  readonly name?: string;
  readonly timeout: string;
  readonly retries: {
    readonly attempts: number;
    readonly perTryTimeout: string;
    readonly retryOn: string;
    readonly retryRemoteLocalities: boolean;
  };
}

export interface RenderedPolicy {
  readonly loadBalancer: unknown;
  readonly connectionPool: {
    readonly tcp: {
      readonly maxConnections: number;
      readonly connectTimeout: string;
      readonly tcpKeepalive: unknown;
    };
    readonly http: Readonly<Record<string, string | number>>;
  };
  readonly outlierDetection: Readonly<Record<string, string | number | boolean>>;
}

/** Of the rendered objects, those that istiod gets, as they are. */
const GIVEN = new Set(["VirtualService", "DestinationRule", "Gateway"]);

/** What the kind overlay renders to. */
export class Manifests {
  readonly #all: readonly Manifest[];

  private constructor(all: readonly Manifest[]) {
    this.#all = all;
  }

  /** @throws Error with what kubectl said */
  static async renderOrThrow(plane: ControlPlane): Promise<Manifests> {
    const text = await plane.kubectlOrThrow(["kustomize", "kubernetes/overlays/kind"]);
    return new Manifests(loadAll(text) as Manifest[]);
  }

  get given(): readonly Manifest[] {
    return this.#all.filter(({ kind }) => GIVEN.has(kind));
  }

  routesOf(group: string): readonly RenderedRoute[] {
    return (this.#find("VirtualService", group).spec as { http: RenderedRoute[] }).http;
  }

  policyOf(group: string): RenderedPolicy {
    return (this.#find("DestinationRule", group).spec as { trafficPolicy: RenderedPolicy }).trafficPolicy;
  }

  #find(kind: string, group: string): Manifest {
    const name = `dailyfeed-${group}`;
    const found = this.#all.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
    if (!found) throw new Error(`the overlay renders no ${kind} ${name}`);
    return found;
  }
}

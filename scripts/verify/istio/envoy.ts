import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../events/until.ts";
import { bootstrap, type EnvoyOptions } from "./bootstrap.ts";
import { Program } from "./program.ts";
import { hostOf } from "./stand-ins.ts";

/** A host of a cluster, as Envoy sees it. */
export interface Host {
  readonly port: number;
  readonly isEjected: boolean;
}

/** A route that Envoy runs. */
export interface Route {
  readonly name?: string;
  readonly timeout?: string;
  readonly retryPolicy: Readonly<Record<string, unknown>>;
  readonly clusters: readonly { readonly name: string; readonly weight: number }[];
}

interface RouteDump {
  readonly name?: string;
  readonly route?: {
    readonly timeout?: string;
    readonly retry_policy?: Readonly<Record<string, unknown>>;
    readonly cluster?: string;
    readonly weighted_clusters?: {
      readonly clusters: readonly { readonly name: string; readonly weight?: number }[];
    };
  };
}

interface RoutesDump {
  readonly configs?: readonly {
    readonly route_config: { readonly virtual_hosts?: readonly { readonly routes: readonly RouteDump[] }[] };
  }[];
}

interface ClusterStatus {
  readonly name: string;
  readonly host_statuses?: readonly {
    readonly address: { readonly socket_address: { readonly port_value: number } };
    readonly health_status: { readonly failed_outlier_check?: boolean };
  }[];
}

/** A real Envoy that takes everything but its own address from istiod. */
export class Envoy {
  readonly adminUrl: string;
  readonly #program: Program;

  private constructor(adminUrl: string, program: Program) {
    this.adminUrl = adminUrl;
    this.#program = program;
  }

  /** @throws Error with what it printed */
  static async startOrThrow(options: EnvoyOptions): Promise<Envoy> {
    const file = join(options.folder, `${options.name}.json`);
    await writeFile(file, JSON.stringify(bootstrap(options)));
    const adminUrl = `http://127.0.0.1:${options.adminPort}`;
    // One worker: limits are counted exactly. Several at a time on one machine: no shared memory between them.
    const args = ["-c", file, "--concurrency", "1", "--log-level", "warning", "--disable-hot-restart"];
    const program = await Program.startOrThrow("envoy", {
      args,
      folder: options.folder,
      readyUrl: `${adminUrl}/ready`,
    });
    return new Envoy(adminUrl, program);
  }

  /** What it printed last. */
  get output(): string {
    return this.#program.output;
  }

  async admin<T>(path: string): Promise<T> {
    return (await (await fetch(`${this.adminUrl}${path}`)).json()) as T;
  }

  /** The hosts of a cluster; none where there is no such cluster. */
  async hosts(cluster: string): Promise<readonly Host[]> {
    const { cluster_statuses: clusters } = await this.admin<{
      cluster_statuses: readonly ClusterStatus[];
    }>("/clusters?format=json");
    const found = clusters.find(({ name }) => name === cluster);
    return (found?.host_statuses ?? []).map(({ address, health_status: health }) => ({
      port: address.socket_address.port_value,
      isEjected: health.failed_outlier_check === true,
    }));
  }

  /** The routes to a group, each once, though every public host has them. */
  async routes(group: string): Promise<readonly Route[]> {
    const { configs = [] } = await this.admin<RoutesDump>("/config_dump?resource=dynamic_route_configs");
    const suffix = `|${hostOf(group)}`;
    const hosts = configs.flatMap((config) => config.route_config.virtual_hosts ?? []);
    const found = hosts.map(({ routes }) =>
      routes.map(toRoute).filter(({ clusters }) => clusters.some(({ name }) => name.endsWith(suffix))),
    );
    return found.find((routes) => routes.length > 0) ?? [];
  }

  /** A cluster as it is configured. */
  async cluster(name: string): Promise<unknown> {
    const { configs = [] } = await this.admin<{
      configs?: readonly { readonly cluster: { readonly name: string } }[];
    }>("/config_dump?resource=dynamic_active_clusters");
    return configs.find(({ cluster }) => cluster.name === name)?.cluster;
  }

  async ejected(cluster: string): Promise<readonly number[]> {
    return (await this.hosts(cluster)).filter(({ isEjected }) => isEjected).map(({ port }) => port);
  }

  /** A counter or gauge of a cluster. */
  async statistic(cluster: string, name: string): Promise<number> {
    const filter = encodeURIComponent(name.replaceAll(".", "\\."));
    const { stats } = await this.admin<{ stats: readonly { name?: string; value?: number }[] }>(
      `/stats?format=json&filter=${filter}$`,
    );
    const found = stats.find(
      (stat) => stat.name?.startsWith(`cluster.${cluster}`) && stat.name.endsWith(name),
    );
    return found?.value ?? 0;
  }

  /** Waits until it knows exactly these hosts. */
  async knows(cluster: string, ports: readonly number[]): Promise<void> {
    const wanted = ports.toSorted().join();
    const known = async () =>
      (await this.hosts(cluster))
        .map(({ port }) => port)
        .toSorted()
        .join();
    await until(
      `Envoy knows ${wanted || "nobody"} in ${cluster}`,
      async () => (await known()) === wanted,
      async () => `${await known()}\n${this.output}`,
    );
  }

  async stop(): Promise<void> {
    await this.#program.stop();
  }
}

function toRoute({ name, route = {} }: RouteDump): Route {
  const clusters = route.weighted_clusters?.clusters ?? [{ name: route.cluster ?? "", weight: 100 }];
  return {
    name,
    timeout: route.timeout,
    retryPolicy: route.retry_policy ?? {},
    clusters: clusters.map((cluster) => ({ name: cluster.name, weight: cluster.weight ?? 0 })),
  };
}

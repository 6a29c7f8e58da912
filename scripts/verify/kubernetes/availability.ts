import { setTimeout as sleep } from "node:timers/promises";
import { GROUPS, type SimulatedCluster } from "./cluster.ts";

const LOOK_MS = 100;

/** Watches, many times a second, how many pods each group has, and whether it loses one that its budget wants kept. */
export class AvailabilityWatch {
  readonly #cluster: SimulatedCluster;
  readonly #done: Promise<void>;
  readonly #least = new Map<string, number>();
  readonly #most = new Map<string, number>();
  readonly #healthy = new Map<string, number>();
  readonly #differences = new Set<string>();
  #looks = 0;
  #isStopped = false;

  constructor(cluster: SimulatedCluster) {
    this.#cluster = cluster;
    this.#done = this.#watch();
  }

  async stop(): Promise<{ readonly looks: number; readonly shown: string; readonly differences: string[] }> {
    this.#isStopped = true;
    await this.#done;
    const shown = GROUPS.map((group) => {
      const name = `dailyfeed-${group}`;
      return `${group} ${this.#least.get(name)}-${this.#most.get(name)}`;
    });
    return { looks: this.#looks, shown: shown.join(", "), differences: [...this.#differences] };
  }

  async #watch(): Promise<void> {
    while (!this.#isStopped) {
      await this.#look();
      await sleep(LOOK_MS);
    }
  }

  async #look(): Promise<void> {
    const [deployments, budgets] = await Promise.all([
      this.#cluster.deployments(),
      this.#cluster.api.list("/apis/policy/v1/namespaces/dailyfeed/poddisruptionbudgets"),
    ]);
    this.#looks++;
    for (const { metadata, status } of deployments) {
      const available = status.availableReplicas ?? 0;
      this.#least.set(metadata.name, Math.min(available, this.#least.get(metadata.name) ?? available));
      const total = status.replicas ?? 0;
      this.#most.set(metadata.name, Math.max(total, this.#most.get(metadata.name) ?? total));
    }
    for (const { metadata, status } of budgets) {
      // A group that grows wants more than it has; only one that loses pods is below its budget.
      const before = this.#healthy.get(metadata.name) ?? 0;
      this.#healthy.set(metadata.name, status.currentHealthy);
      if (status.currentHealthy < Math.min(before, status.desiredHealthy))
        this.#differences.add(
          `${metadata.name} had ${status.currentHealthy} healthy pods, its budget wants ${status.desiredHealthy}`,
        );
    }
  }
}

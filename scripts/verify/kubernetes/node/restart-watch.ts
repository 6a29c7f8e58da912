import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient, KubernetesObject } from "../api-client.ts";

const LOOK_MS = 100;

/** Looks at some groups' pods many times a second: how few were available, and how the old ones ended. */
export class RestartWatch {
  /** Exit codes of pods that were there at the beginning and have ended, by name, where one was seen. */
  readonly exitCodes = new Map<string, number>();
  readonly #api: ApiClient;
  readonly #groups: readonly string[];
  readonly #least = new Map<string, number>();
  #before: ReadonlySet<string> = new Set();
  #isStopped = false;
  #done: Promise<void> = Promise.resolve();

  /** @param groups names of Deployments, which are also what their pods are labelled with as `app` */
  constructor(api: ApiClient, groups: readonly string[]) {
    this.#api = api;
    this.#groups = groups;
  }

  /** How many pods there were. */
  async start(): Promise<number> {
    this.#before = new Set((await this.#pods()).map(({ metadata }) => metadata.uid));
    this.#done = this.#watch();
    // Told by stop().
    this.#done.catch(() => {});
    return this.#before.size;
  }

  /** Names of pods that were there at the beginning and still are. */
  async old(): Promise<readonly string[]> {
    const pods = await this.#pods();
    return pods.filter(({ metadata }) => this.#before.has(metadata.uid)).map(({ metadata }) => metadata.name);
  }

  async stop(): Promise<ReadonlyMap<string, number>> {
    this.#isStopped = true;
    await this.#done;
    return this.#least;
  }

  async #watch(): Promise<void> {
    while (!this.#isStopped) {
      for (const { metadata, status } of await this.#api.list(
        "/apis/apps/v1/namespaces/dailyfeed/deployments",
      )) {
        const available = status.availableReplicas ?? 0;
        const least = this.#least.get(metadata.name) ?? available;
        if (this.#groups.includes(metadata.name)) this.#least.set(metadata.name, Math.min(available, least));
      }
      for (const { metadata, status } of await this.#pods()) {
        const code = status.containerStatuses?.[0]?.state.terminated?.exitCode;
        if (code !== undefined && this.#before.has(metadata.uid)) this.exitCodes.set(metadata.name, code);
      }
      await sleep(LOOK_MS);
    }
  }

  async #pods(): Promise<readonly KubernetesObject[]> {
    const pods = await this.#api.list("/api/v1/namespaces/dailyfeed/pods");
    return pods.filter(({ metadata }) => this.#groups.includes(metadata.labels.app));
  }
}

import type { Admin, Kafka } from "kafkajs";

/** Asks whether the cluster answers, over a connection that stays open as long as it does: probes come often. */
export class ClusterProbe {
  readonly #kafka: Kafka;
  #connecting: Promise<Admin> | undefined;
  #isClosed = false;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  /** Resolves when a broker answers. */
  async ping(): Promise<void> {
    if (this.#isClosed) throw new Error("the probe is closed");
    this.#connecting ??= this.#connect();
    const connecting = this.#connecting;
    try {
      await (await connecting).describeCluster();
    } catch (error) {
      if (this.#connecting === connecting) await this.#disconnect();
      throw error;
    }
  }

  /** Pings fail from now on: one that comes late must leave no connection behind. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#disconnect();
  }

  async #connect(): Promise<Admin> {
    const admin = this.#kafka.admin();
    await admin.connect();
    return admin;
  }

  async #disconnect(): Promise<void> {
    const connecting = this.#connecting;
    this.#connecting = undefined;
    await connecting?.then((admin) => admin.disconnect()).catch(() => undefined);
  }
}

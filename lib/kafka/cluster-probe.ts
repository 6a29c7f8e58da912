import type { Admin, Kafka } from "kafkajs";

/** Asks whether the cluster answers, over a connection that stays open as long as it does: probes come often. */
export class ClusterProbe {
  readonly #kafka: Kafka;
  #connecting: Promise<Admin> | undefined;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  /** Resolves when a broker answers. */
  async ping(): Promise<void> {
    this.#connecting ??= this.#connect();
    const connecting = this.#connecting;
    try {
      await (await connecting).describeCluster();
    } catch (error) {
      if (this.#connecting === connecting) await this.close();
      throw error;
    }
  }

  /** A later ping connects anew. */
  async close(): Promise<void> {
    const connecting = this.#connecting;
    this.#connecting = undefined;
    await connecting?.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  async #connect(): Promise<Admin> {
    const admin = this.#kafka.admin();
    await admin.connect();
    return admin;
  }
}

import { Redis, type RedisOptions } from "ioredis";
import { Transporters } from "moleculer";

/** Nothing is kept for later or sent again: what can't be delivered now fails now. Milliseconds. */
const OPTIONS: RedisOptions = {
  // Longer than an attempt of a call: only who stops waits for a Redis that hangs.
  commandTimeout: 5_000,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
};

/**
 * Moleculer's transporter over Redis, for a Redis that goes and comes back. Where a connection breaks before a packet is
 * confirmed, Moleculer's own sends it again later, so that a write may run twice, and in the end rejects a promise that
 * nobody holds, which ends the process; and each return costs it one more connection.
 */
export class RedisTransporter extends Transporters.Redis {
  readonly #url: string;

  constructor(url: string) {
    super(url);
    this.#url = url;
  }

  /** Resolves when it is connected for the first time, however long that takes. */
  override connect(): Promise<void> {
    const [sub, pub] = [new Redis(this.#url, OPTIONS), new Redis(this.#url, OPTIONS)];
    [this.clientSub, this.clientPub] = [sub, pub];
    sub.on("messageBuffer", (topic: Buffer, data: Buffer) => {
      const [command = ""] = topic
        .toString()
        .slice(this.prefix.length + 1)
        .split(".");
      this.receive(command, data);
    });
    return new Promise((resolve, reject) => {
      for (const client of [sub, pub]) {
        client.on("ready", () => {
          if (sub.status !== "ready" || pub.status !== "ready") return;
          this.logger.info("Redis is connected.");
          this.onConnected().then(resolve, reject);
        });
        client.on("close", () => {
          this.connected = false;
        });
        client.on("error", ({ message }) => this.logger.warn(`Redis is away: ${message}`));
      }
    });
  }

  /** Again at each return. Where it goes again meanwhile, the next return subscribes. */
  override async subscribe(command: string, nodeID?: string): Promise<void> {
    const client: Redis | null = this.clientSub;
    await client?.subscribe(this.getTopicName(command, nodeID)).catch(() => undefined);
  }

  /** @throws what the client says, when the packet isn't confirmed */
  override async send(topic: string, data: Buffer): Promise<void> {
    const client: Redis = this.clientPub;
    await client.publish(topic, data);
  }
}

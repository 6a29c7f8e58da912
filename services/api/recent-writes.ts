import type { Config } from "../../config/index.ts";
import { RECENT_WRITE_GRACE, recentWriteKey } from "../../contracts/recent-writes.ts";
import type { KeyValueStore } from "../../lib/key-value/key-value-store.ts";
import type { Endpoint } from "./endpoints.ts";

/** Notes who wrote, so that nobody is shown a replica's state from before an own write. Nothing without a replica. */
export class RecentWrites {
  readonly #keyValue: KeyValueStore;
  readonly #lifetime: number | undefined;

  constructor(keyValue: KeyValueStore, replica: Config["readReplica"]) {
    this.#keyValue = keyValue;
    this.#lifetime = replica && replica.lagLimit + RECENT_WRITE_GRACE;
  }

  /**
   * Resolves when the write of this request, if it is one, is noted. Not when Redis is away: then nobody reads the
   * replica, and for as long again when it is back.
   */
  async note({ rest }: Endpoint, memberId: unknown): Promise<void> {
    if (this.#lifetime === undefined || rest.method === "GET" || typeof memberId !== "number") return;
    await this.#keyValue.set(recentWriteKey(memberId), "1", this.#lifetime).catch(() => undefined);
  }
}

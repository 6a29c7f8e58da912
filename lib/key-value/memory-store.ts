import type { KeyValueStore } from "./key-value-store.ts";

const SWEEP_INTERVAL = 60_000;

/** The store of a process without Redis. Expired keys are dropped when met, and swept once a minute. */
export class MemoryStore implements KeyValueStore {
  readonly #entries = new Map<string, { value: string; expiresAt: number }>();
  readonly #sweeper: NodeJS.Timeout;

  constructor() {
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_INTERVAL).unref();
  }

  async set(key: string, value: string, ttl: number): Promise<void> {
    this.#entries.set(key, { value, expiresAt: Date.now() + ttl });
  }

  async get(key: string): Promise<string | null> {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    if (entry.expiresAt > Date.now()) return entry.value;
    this.#entries.delete(key);
    return null;
  }

  async setMany(values: ReadonlyMap<string, string>, ttl: number): Promise<void> {
    for (const [key, value] of values) await this.set(key, value, ttl);
  }

  getMany(keys: readonly string[]): Promise<(string | null)[]> {
    return Promise.all(keys.map((key) => this.get(key)));
  }

  async delete(key: string): Promise<void> {
    this.#entries.delete(key);
  }

  close(): void {
    clearInterval(this.#sweeper);
    this.#entries.clear();
  }

  #sweep(): void {
    const now = Date.now();
    for (const [key, { expiresAt }] of this.#entries) if (expiresAt <= now) this.#entries.delete(key);
  }
}

/** Keys with a life, shared by all processes when Redis is configured. Correctness never rests on it. */
export interface KeyValueStore {
  /** Stores a value for `ttl` milliseconds. */
  set(key: string, value: string, ttl: number): Promise<void>;
  get(key: string): Promise<string | null>;
  /** Stores several values for `ttl` milliseconds, at the price of one. */
  setMany(values: ReadonlyMap<string, string>, ttl: number): Promise<void>;
  /** The values of these keys, in their order, at the price of one. */
  getMany(keys: readonly string[]): Promise<(string | null)[]>;
  delete(key: string): Promise<void>;
}

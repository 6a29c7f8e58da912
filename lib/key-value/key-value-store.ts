/** Keys with a life, shared by all processes when Redis is configured. Correctness never rests on it. */
export interface KeyValueStore {
  /** Stores a value for `ttl` milliseconds. */
  set(key: string, value: string, ttl: number): Promise<void>;
  get(key: string): Promise<string | null>;
  delete(key: string): Promise<void>;
}

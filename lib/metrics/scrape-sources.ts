import { setTimeout } from "node:timers/promises";

/** Reads something when it is asked for. */
export type ReadSource<T> = () => Promise<readonly T[]>;

interface Source<T> {
  readonly read: ReadSource<T>;
  running: Promise<void> | undefined;
  /** Empty when the last read failed. */
  readings: readonly T[];
  /** When the last read ended. */
  readAt: number;
}

export interface ScrapeSourcesOptions {
  /** A source is read again after this (milliseconds), however often it is asked for. */
  readonly maxAgeMs?: number;
  /** Who asks waits no longer than this (milliseconds), and gets what was read before, unless it is too old. */
  readonly timeoutMs?: number;
  /** What was read longer ago than this (milliseconds) is shown no more. */
  readonly staleMs?: number;
  readonly now?: () => number;
}

/** Sources of values that are too dear to be kept up to date, and too slow or too often away to be waited for. */
export class ScrapeSources<T> {
  readonly #sources = new Set<Source<T>>();
  readonly #maxAge: number;
  readonly #timeout: number;
  readonly #stale: number;
  readonly #now: () => number;

  constructor({
    maxAgeMs = 10_000,
    timeoutMs = 1_000,
    staleMs = 60_000,
    now = Date.now,
  }: ScrapeSourcesOptions = {}) {
    this.#maxAge = maxAgeMs;
    this.#timeout = timeoutMs;
    this.#stale = staleMs;
    this.#now = now;
  }

  /** Answers the way to remove it. */
  add(read: ReadSource<T>): () => void {
    const source = { read, running: undefined, readings: [], readAt: Number.NEGATIVE_INFINITY };
    this.#sources.add(source);
    return () => this.#sources.delete(source);
  }

  /** What the sources tell; those that fail, or are too slow for long, are left out. Never rejects. */
  async read(): Promise<readonly T[]> {
    const late = new AbortController();
    const deadline = setTimeout(this.#timeout, undefined, { signal: late.signal }).catch(() => undefined);
    const readings = await Promise.all([...this.#sources].map((source) => this.#readOne(source, deadline)));
    late.abort();
    return readings.flat();
  }

  async #readOne(source: Source<T>, deadline: Promise<unknown>): Promise<readonly T[]> {
    if (this.#age(source) < this.#maxAge) return source.readings;
    source.running ??= this.#refresh(source).finally(() => {
      source.running = undefined;
    });
    await Promise.race([source.running, deadline]);
    return this.#age(source) < this.#stale ? source.readings : [];
  }

  async #refresh(source: Source<T>): Promise<void> {
    try {
      source.readings = await source.read();
    } catch {
      source.readings = [];
    }
    source.readAt = this.#now();
  }

  #age({ readAt }: Source<T>): number {
    return this.#now() - readAt;
  }
}

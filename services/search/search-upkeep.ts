import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "moleculer";
import { MAX_SEARCHABLE_IDS } from "../../contracts/dto/search.ts";
import type { Lease, LeaseStore } from "../../lib/leases/lease-store.ts";
import type { SearchIndex, SearchKind, SearchRebuild } from "../../lib/search/search-index.ts";
import { isAway } from "./availability.ts";
import { idDifferences } from "./id-differences.ts";
import { BATCH_SIZE, type SearchIndexer } from "./indexer.ts";
import type { Owners } from "./owners.ts";

/** `ELSEWHERE`: another node is at it. */
export type Outcome<T> = ({ readonly outcome: "DONE" } & T) | { readonly outcome: "ELSEWHERE" };

export type Counts = Record<SearchKind, number>;

export interface Drift {
  /** What the owners have and the index had not. */
  readonly missing: Counts;
  /** What the index had and the owners have not. */
  readonly surplus: Counts;
}

export interface SearchUpkeepOptions {
  readonly openIndex: () => Promise<SearchIndex>;
  readonly indexer: SearchIndexer;
  readonly owners: Owners;
  readonly leases: LeaseStore;
  readonly node: string;
  readonly logger: Logger;
}

const KINDS: readonly SearchKind[] = ["members", "posts", "comments"];
const LEASE = "search-upkeep";
/** A node that stops renewing is over for the others after this (milliseconds). */
const LEASE_TTL = 60_000;
/** How many of the oldest things of a kind are looked up to see whether the index is complete, and among how many. */
const SAMPLE = 100;
const SAMPLED_INDEX = 1_000;
/** Pauses while something is away (milliseconds), and how often a rebuild bears it in a row. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;
const PATIENCE = 20;

/** Keeps the index complete: builds it anew, and compares it with the owners. One at a time in the cluster. */
export class SearchUpkeep {
  readonly #options: SearchUpkeepOptions;
  readonly #owner: string;
  readonly #stopping = new AbortController();
  readonly #background = new Set<Promise<unknown>>();
  #rebuilding: Promise<Outcome<Counts>> | undefined;
  #progress: Counts = noCounts();

  constructor(options: SearchUpkeepOptions) {
    this.#options = options;
    this.#owner = `${options.node}:${randomUUID()}`.slice(-150);
  }

  /** What the rebuild of this node has indexed so far, or undefined while there is none. */
  get progress(): Counts | undefined {
    return this.#rebuilding && { ...this.#progress };
  }

  /** Builds an index that is new, in the background, and waits for whatever is away. */
  start(): void {
    this.#keep(
      this.#patiently(async () => {
        if (await this.#isComplete()) return;
        this.#options.logger.info("the search index is not complete: it is built anew");
        await this.rebuild();
      }, Number.POSITIVE_INFINITY),
    );
  }

  /** Gives up what runs, and waits for its end. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error("the node stops"));
    await Promise.allSettled([...this.#background, this.#rebuilding]);
  }

  /** Fills a new generation while the old one serves, and switches to it. One that already runs here is joined. */
  rebuild(): Promise<Outcome<Counts>> {
    this.#rebuilding ??= this.#leased(async (signal) => {
      this.#progress = noCounts();
      const index = await this.#options.openIndex();
      const rebuild = await index.rebuild();
      try {
        for (const kind of KINDS) await this.#fill(kind, rebuild, signal);
        await this.#patiently(async () => {
          signal.throwIfAborted();
          await rebuild.activate();
        });
      } catch (error) {
        await rebuild.abandon().catch((err: unknown) => {
          this.#options.logger.warn({ err }, "a rebuild of the search index could not be cleared away");
        });
        throw error;
      }
      return { ...this.#progress };
    }).finally(() => {
      this.#rebuilding = undefined;
    });
    return this.#rebuilding;
  }

  /**
   * Compares which ids the index and the owners have, and puts right what differs. Texts are not compared. A rebuild of
   * this node is waited for: a node that was started for the comparison may begin with one.
   */
  async checkDrift(): Promise<Outcome<Drift>> {
    for (;;) {
      await this.#rebuilding?.catch(() => undefined);
      const compared = await this.#compare();
      // It may have begun just now, and have been quicker to the lease.
      if (compared.outcome === "DONE" || !this.#rebuilding) return compared;
    }
  }

  #compare(): Promise<Outcome<Drift>> {
    return this.#leased(async (signal) => {
      const { openIndex, owners, indexer } = this.#options;
      const index = await openIndex();
      const [missing, surplus] = [noCounts(), noCounts()];
      for (const kind of KINDS) {
        const pieces = idDifferences(
          (afterId, limit) => owners.idsAfter(kind, afterId, limit),
          (afterId, limit) => index.idsAfter(kind, afterId, limit),
          MAX_SEARCHABLE_IDS,
        );
        for await (const piece of pieces) {
          signal.throwIfAborted();
          await indexer.refresh(kind, [...piece.missing, ...piece.surplus]);
          missing[kind] += piece.missing.length;
          surplus[kind] += piece.surplus.length;
        }
      }
      return { missing, surplus };
    });
  }

  /** Has it the oldest things there are? A generation that was filled has, one that only took events since has not. */
  async #isComplete(): Promise<boolean> {
    const { openIndex, owners } = this.#options;
    const index = await openIndex();
    for (const kind of KINDS) {
      const oldest = await owners.idsAfter(kind, 0, SAMPLE);
      const indexed = new Set(await index.idsAfter(kind, 0, SAMPLED_INDEX));
      if (oldest.some((id) => !indexed.has(id))) return false;
    }
    return true;
  }

  async #fill(kind: SearchKind, rebuild: SearchRebuild, signal: AbortSignal): Promise<void> {
    const { owners, indexer } = this.#options;
    for (let position = 0; ; ) {
      signal.throwIfAborted();
      const ids = await this.#patiently(async () => {
        const batch = await owners.idsAfter(kind, position, BATCH_SIZE);
        await indexer.refresh(kind, batch, rebuild);
        return batch;
      });
      this.#progress[kind] += ids.length;
      if (ids.length < BATCH_SIZE) return;
      position = ids.at(-1) ?? position;
    }
  }

  /** The work is aborted when the lease is lost, or the node stops. */
  async #leased<T extends object>(work: (signal: AbortSignal) => Promise<T>): Promise<Outcome<T>> {
    const { leases } = this.#options;
    let lease = await leases.acquire(LEASE, this.#owner, LEASE_TTL);
    if (!lease) return { outcome: "ELSEWHERE" };
    const lost = new AbortController();
    const renew = async (held: Lease) => {
      lease = await leases.renew(held, LEASE_TTL);
      if (!lease) lost.abort(new Error("another node took over the upkeep of the search index"));
    };
    // A store that is away now may be back before the lease runs out.
    const renewal = setInterval(() => lease && void renew(lease).catch(() => undefined), LEASE_TTL / 3);
    try {
      const result = await work(AbortSignal.any([lost.signal, this.#stopping.signal]));
      return { outcome: "DONE", ...result };
    } finally {
      clearInterval(renewal);
      if (lease) await leases.release(lease).catch(() => undefined);
    }
  }

  /** Waits and tries again while something is away. */
  async #patiently<T>(work: () => Promise<T>, attempts = PATIENCE): Promise<T> {
    const { signal } = this.#stopping;
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (attempt >= attempts || signal.aborted || !isAway(error)) throw error;
        const pause = Math.min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE);
        await delay(pause, undefined, { signal, ref: false });
      }
    }
  }

  #keep(work: Promise<unknown>): void {
    const kept = work
      .catch((err: unknown) => {
        if (!this.#stopping.signal.aborted)
          this.#options.logger.error({ err }, "the search index is not complete");
      })
      .finally(() => this.#background.delete(kept));
    this.#background.add(kept);
  }
}

function noCounts(): Counts {
  return { posts: 0, comments: 0, members: 0 };
}

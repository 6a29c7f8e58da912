import { randomUUID } from "node:crypto";
import type { Lease, LeaseStore } from "./lease-store.ts";

export interface PartitionLeasesOptions {
  readonly leases: LeaseStore;
  /** What is shared: the leases are `{scope}:{partition}`. */
  readonly scope: string;
  readonly partitions: number;
  /** Shown in the table; need not be unique. */
  readonly node: string;
  readonly ttlMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Milliseconds after which the presence of a node that is gone is deleted. */
const PRESENCE_KEPT = 60_000;

/**
 * One node's share of a number of partitions. Every node that takes part shows its presence by a lease of its own, so
 * each knows how many there are, keeps to its fair part, and takes over what a dead one left.
 */
export class PartitionLeases {
  readonly #options: PartitionLeasesOptions;
  readonly #owner: string;
  readonly #presenceName: string;
  readonly #held = new Map<number, Lease>();
  #presence: Lease | undefined;
  /** Epoch milliseconds. */
  #renewedAt = 0;

  constructor(options: PartitionLeasesOptions) {
    const id = randomUUID();
    this.#options = options;
    this.#owner = `${options.node}/${id}`.slice(-150);
    this.#presenceName = `${options.scope}:node:${id}`;
  }

  /** The partitions this node may work on. */
  get partitions(): readonly number[] {
    return [...this.#held.keys()].sort((a, b) => a - b);
  }

  /** Undefined where it isn't held, or ran out while this process slept. */
  leaseOf(partition: number): Lease | undefined {
    const lease = this.#held.get(partition);
    return lease && lease.until > this.#options.now() ? lease : undefined;
  }

  /** Holds on to everything while `balance` can't be called; cheap when it is not due. */
  async renewIfDue(): Promise<void> {
    const { now, ttlMs } = this.#options;
    if (now() - this.#renewedAt > ttlMs * 0.4) await this.#renew();
  }

  /**
   * Holds on to everything, takes free partitions up to a fair share, and gives back what is more than that.
   * To be called three times within the leases' time.
   * @param isIdle whether a partition can be given back now
   */
  async balance(isIdle: (partition: number) => boolean = () => true): Promise<void> {
    const { leases, scope, partitions, now } = this.#options;
    await this.#renew();
    const known = new Map((await leases.list(scope)).map((lease) => [lease.name, lease]));
    await this.#showPresence(known);
    const presences = [...known.values()].filter(({ name }) => name.startsWith(`${scope}:node:`));
    const others = presences.filter(({ name, until }) => until > now() && name !== this.#presenceName);
    const share = Math.ceil(partitions / (others.length + 1));
    for (const partition of this.partitions.toReversed()) {
      if (this.#held.size > share && isIdle(partition)) await this.giveBack(partition);
    }
    // Each begins elsewhere, so that nodes that start together don't all want the same one.
    const first = Math.floor(Math.random() * partitions);
    for (let step = 0; step < partitions && this.#held.size < share; step++) {
      await this.#take((first + step) % partitions, known);
    }
    const stale = presences.filter(({ until }) => until < now() - PRESENCE_KEPT).map(({ name }) => name);
    if (stale.length > 0) await leases.forget(stale);
  }

  /** Forgets partitions that somebody else holds by now. */
  lose(names: readonly string[]): void {
    for (const lease of [...this.#held.values()]) {
      if (names.includes(lease.name)) this.#replace(lease, undefined);
    }
  }

  async giveBack(partition: number): Promise<void> {
    const lease = this.#held.get(partition);
    if (!lease) return;
    this.#held.delete(partition);
    await this.#options.leases.release(lease);
  }

  /** Leaves at once: others need not wait until the leases run out. */
  async giveBackAll(): Promise<void> {
    const leases = [...this.#held.values(), ...(this.#presence ? [this.#presence] : [])];
    this.#held.clear();
    this.#presence = undefined;
    for (const lease of leases) await this.#options.leases.release(lease);
    await this.#options.leases.forget([this.#presenceName]);
  }

  async #renew(): Promise<void> {
    const { leases, ttlMs, now } = this.#options;
    this.#renewedAt = now();
    const before = [...this.#held.values(), ...(this.#presence ? [this.#presence] : [])];
    const renewed = new Map((await leases.renewAll(before, ttlMs)).map((lease) => [lease.name, lease]));
    for (const lease of before) this.#replace(lease, renewed.get(lease.name));
  }

  async #showPresence(known: ReadonlyMap<string, Lease>): Promise<void> {
    if (this.#presence) return;
    const { leases, ttlMs } = this.#options;
    this.#presence = await leases.take(this.#presenceName, known.get(this.#presenceName), this.#owner, ttlMs);
  }

  async #take(partition: number, known: ReadonlyMap<string, Lease>): Promise<void> {
    if (this.#held.has(partition)) return;
    const { leases, scope, ttlMs, now } = this.#options;
    const name = `${scope}:${partition}`;
    const current = known.get(name);
    if (current && current.until > now()) return;
    const lease = await leases.take(name, current, this.#owner, ttlMs);
    if (lease) this.#held.set(partition, lease);
  }

  /** Puts its later state in a lease's place, or nothing; a lease that is not held any more stays so. */
  #replace(lease: Lease, later: Lease | undefined): void {
    if (this.#presence === lease) this.#presence = later;
    for (const [partition, held] of this.#held) {
      if (held !== lease) continue;
      if (later) this.#held.set(partition, later);
      else this.#held.delete(partition);
    }
  }
}

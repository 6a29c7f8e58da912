import { randomUUID } from "node:crypto";
import type { Job } from "../../config/jobs.ts";
import type { Lease, LeaseStore } from "../../lib/leases/lease-store.ts";
import { metrics } from "../../lib/metrics/metrics.ts";

/** How one run of a job ended. */
export type JobOutcome =
  | { readonly outcome: "DONE"; readonly ms: number; readonly result: unknown }
  /** It is running elsewhere, or this tick of its schedule was somebody else's. */
  | { readonly outcome: "ELSEWHERE" };

/** A run that stops renewing is over for the others after this (milliseconds). */
const LEASE_TTL = 60_000;
/** Nodes wake up for a tick within this of each other; schedules are at least a minute apart. */
const TICK_TTL = 30_000;

/** Runs jobs one at a time in the cluster, under leases in SQL. */
export class JobRunner {
  readonly #leases: LeaseStore;
  readonly #owner: string;
  readonly #work: (job: Job) => Promise<unknown>;

  /** `work` does the job; it must bear being done twice, since a lease may run out under a process that hangs. */
  constructor(leases: LeaseStore, node: string, work: (job: Job) => Promise<unknown>) {
    this.#leases = leases;
    this.#owner = `${node}:${randomUUID()}`;
    this.#work = work;
  }

  /** One tick of the schedule: the first node that comes does it. */
  async runScheduled(job: Job): Promise<JobOutcome> {
    const tick = await this.#leases.acquire(`job-tick:${job.name}`, this.#owner, TICK_TTL);
    return tick ? this.run(job) : elsewhere(job);
  }

  /** By hand: at once, unless it is running. */
  async run(job: Job): Promise<JobOutcome> {
    const lease = await this.#leases.acquire(`job:${job.name}`, this.#owner, LEASE_TTL);
    if (!lease) return elsewhere(job);
    const renewal = setInterval(() => void this.#renew(lease), LEASE_TTL / 3);
    const startedAt = Date.now();
    try {
      const result = await this.#work(job);
      count(job, "done", startedAt);
      return { outcome: "DONE", ms: Date.now() - startedAt, result };
    } catch (error) {
      count(job, "failed", startedAt);
      throw error;
    } finally {
      clearInterval(renewal);
      await this.#leases.release(lease).catch(() => undefined);
    }
  }

  /** A store that is away now may be back before the lease runs out. */
  async #renew(lease: Lease): Promise<void> {
    await this.#leases.renew(lease, LEASE_TTL).catch(() => undefined);
  }
}

function elsewhere({ name }: Job): JobOutcome {
  metrics()?.jobRuns.inc({ job: name, outcome: "elsewhere" });
  return { outcome: "ELSEWHERE" };
}

function count({ name }: Job, outcome: "done" | "failed", startedAt: number): void {
  metrics()?.jobRuns.inc({ job: name, outcome });
  metrics()?.jobDuration.observe({ job: name }, (Date.now() - startedAt) / 1_000);
  if (outcome === "done") metrics()?.jobLastSuccess.setToCurrentTime({ job: name });
}

import type { BreakerReport } from "./service-breaker.ts";

/** How the breaker of one service stands, in one process. */
export interface ServiceBreakerReport extends BreakerReport {
  readonly service: string;
}

/** How much of a kind of heavy work a service has, in one process. */
export interface BulkheadReport {
  /** `service.kind`. */
  readonly bulkhead: string;
  readonly running: number;
  readonly concurrency: number;
  readonly waiting: number;
  readonly maxQueueSize: number;
}

/** What whoever looks at this process can see, in the order of its names. */
class Reports<T> {
  readonly #nameOf: (report: T) => string;
  readonly #sources = new Set<() => readonly T[]>();

  constructor(nameOf: (report: T) => string) {
    this.#nameOf = nameOf;
  }

  /** Lets a source be seen. Answers the way to hide it. */
  show(source: () => readonly T[]): () => void {
    this.#sources.add(source);
    return () => this.#sources.delete(source);
  }

  list(): T[] {
    const all = [...this.#sources].flatMap((source) => source());
    return all.sort((a, b) => this.#nameOf(a).localeCompare(this.#nameOf(b)));
  }
}

/** By the services that this process calls. */
export const breakerReports = new Reports<ServiceBreakerReport>(({ service }) => service);
/** Of the heavy work that this process does. */
export const bulkheadReports = new Reports<BulkheadReport>(({ bulkhead }) => bulkhead);

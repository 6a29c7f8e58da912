import type { ServiceBreakerOptions } from "../../config/resilience.ts";

export type BreakerState = "CLOSED" | "OPEN" | "HALF_OPEN";

const FAILED = 1;
const SLOW = 2;

/** What a breaker knows. Rates are shares (0..1) of the calls in the window. */
export interface BreakerReport {
  readonly state: BreakerState;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly calls: number;
  readonly failureRate: number;
  readonly slowRate: number;
  /** Calls that it refused since the process began. */
  readonly refused: number;
}

/** Told of each change, with what led to it. */
export type BreakerListener = (to: BreakerState, before: BreakerReport) => void;

/**
 * Remembers the outcomes of the last calls to a service, and refuses calls while too many of them have failed or were
 * slow. The clock takes it from open to half-open, where a few calls are tried; their outcomes decide.
 */
export class ServiceBreaker {
  /** Raised with each state: the outcome of a call that began in another state says nothing about this one. */
  era = 0;
  state: BreakerState = "CLOSED";
  readonly options: ServiceBreakerOptions;
  readonly #listener: BreakerListener;
  readonly #outcomes: Uint8Array;
  #next = 0;
  #calls = 0;
  #failures = 0;
  #slow = 0;
  #refused = 0;
  #trials = 0;
  #since = Date.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ServiceBreakerOptions, listener: BreakerListener) {
    this.options = options;
    this.#listener = listener;
    this.#outcomes = new Uint8Array(options.windowSize);
  }

  /** Whether a call may go out now. Whoever is let through tells how it ended: `record` or `forget`. */
  admits(): boolean {
    if (this.state === "CLOSED") return true;
    if (this.state === "HALF_OPEN" && this.#takesTrial()) return true;
    this.#refused++;
    return false;
  }

  /** Notes the outcome of a call that began in `era` and took so many milliseconds. */
  record(era: number, milliseconds: number, failed: boolean): void {
    if (era !== this.era) return;
    const { windowSize, halfOpenRequests, slowTime, minRequestCount } = this.options;
    const isTrial = this.state === "HALF_OPEN";
    if (this.#calls === windowSize) this.#drop(this.#outcomes[this.#next] ?? 0);
    const outcome = (failed ? FAILED : 0) | (milliseconds >= slowTime ? SLOW : 0);
    this.#outcomes[this.#next] = outcome;
    this.#next = this.#next + 1 === windowSize ? 0 : this.#next + 1;
    this.#calls++;
    if (outcome & FAILED) this.#failures++;
    if (outcome & SLOW) this.#slow++;
    if (isTrial) {
      if (this.#calls === halfOpenRequests) this.#become(this.#isBad() ? "OPEN" : "CLOSED");
    } else if (this.#calls >= minRequestCount && this.#isBad()) {
      this.#become("OPEN");
    }
  }

  /** A call that was let through and says nothing about the service. */
  forget(era: number): void {
    if (era === this.era && this.state === "HALF_OPEN") this.#trials--;
  }

  /** Seconds after which it makes sense to ask again. */
  get retryAfter(): number {
    if (this.state !== "OPEN") return 1;
    return Math.max(1, Math.ceil((this.#since + this.options.halfOpenTime - Date.now()) / 1_000));
  }

  get report(): BreakerReport {
    const share = (count: number) => (this.#calls === 0 ? 0 : count / this.#calls);
    return {
      state: this.state,
      since: this.#since,
      calls: this.#calls,
      failureRate: share(this.#failures),
      slowRate: share(this.#slow),
      refused: this.#refused,
    };
  }

  /** Stops its clock. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #takesTrial(): boolean {
    const { halfOpenRequests, halfOpenTime } = this.options;
    if (this.#trials >= halfOpenRequests) {
      // Trials that never end must not hold the service back for ever.
      if (Date.now() - this.#since < halfOpenTime) return false;
      this.#become("HALF_OPEN");
    }
    this.#trials++;
    return true;
  }

  #drop(outcome: number): void {
    this.#calls--;
    if (outcome & FAILED) this.#failures--;
    if (outcome & SLOW) this.#slow--;
  }

  #isBad(): boolean {
    const { threshold, slowThreshold } = this.options;
    return this.#failures >= threshold * this.#calls || this.#slow >= slowThreshold * this.#calls;
  }

  #become(state: BreakerState): void {
    const before = this.report;
    this.era++;
    this.state = state;
    this.#since = Date.now();
    this.#next = 0;
    this.#calls = 0;
    this.#failures = 0;
    this.#slow = 0;
    this.#trials = 0;
    clearTimeout(this.#timer);
    if (state === "OPEN") {
      this.#timer = setTimeout(() => this.#become("HALF_OPEN"), this.options.halfOpenTime).unref();
    }
    this.#listener(state, before);
  }
}

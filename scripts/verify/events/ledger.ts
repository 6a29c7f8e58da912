/** What the clients of a load know: what they were told is done, and what they never heard of again. */
export class Ledger {
  readonly acknowledged: string[] = [];
  readonly doubtful: string[] = [];
  /** Writes that were refused although they were right: one line for each. */
  readonly failures: string[] = [];
  /** Why it is not known what became of the doubtful ones. */
  readonly unknownReasons: string[] = [];
  /** How long the answers of acknowledged writes took (milliseconds). */
  readonly latencies: number[] = [];

  get slowest(): number {
    return this.latencies.reduce((slowest, latency) => Math.max(slowest, latency), 0);
  }

  /** The latency that this share of the writes did not exceed (milliseconds). */
  quantile(share: number): number {
    const sorted = this.latencies.toSorted((a, b) => a - b);
    return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  }
}

import type { Failure, MixedLoad } from "./mixed-load.ts";
import type { Operation } from "./operations.ts";

/** Whole milliseconds within which that many in a hundred were answered. */
export function percentile(load: MixedLoad, operation: Operation, share: number): number {
  const sorted = [...(load.latencies.get(operation) ?? [])].sort((one, other) => one - other);
  return Math.round(sorted[Math.ceil((share / 100) * sorted.length) - 1] ?? Number.NaN);
}

/** How often which failure: `3 x feed 503 SERVICE_UNAVAILABLE, 12 ms at most`. */
export function shownFailures(failures: readonly Failure[]): string[] {
  const kinds = new Map<string, Failure[]>();
  for (const failure of failures) {
    const kind = `${failure.operation} ${failure.status} ${failure.reason}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), failure]);
  }
  return [...kinds].map(([kind, those]) => {
    const slowest = Math.max(...those.map(({ milliseconds }) => milliseconds));
    return `${those.length} x ${kind}, ${Math.round(slowest)} ms at most`;
  });
}

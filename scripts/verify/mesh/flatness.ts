/** A value at a time, in seconds. */
export type Sample = readonly [seconds: number, value: number];

/** How much a value may grow: by so much, or by a share of its mean, whichever is more. */
export interface Bound {
  readonly absolute: number;
  readonly share: number;
}

/**
 * How much a curve grows in its last two thirds, by the straight line that fits them best. The first third is left to
 * caches and pools that fill.
 */
export function growthOf(samples: readonly Sample[]): { readonly growth: number; readonly mean: number } {
  const until = samples.at(-1)?.[0] ?? 0;
  const kept = samples.filter(([seconds]) => seconds >= until / 3);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanTime = mean(kept.map(([seconds]) => seconds));
  const meanValue = mean(kept.map(([, value]) => value));
  const covariance = mean(kept.map(([seconds, value]) => (seconds - meanTime) * (value - meanValue)));
  const variance = mean(kept.map(([seconds]) => (seconds - meanTime) ** 2));
  const slope = variance > 0 ? covariance / variance : 0;
  return { growth: slope * (until - (kept[0]?.[0] ?? until)), mean: meanValue };
}

export function isFlat(samples: readonly Sample[], { absolute, share }: Bound): boolean {
  const { growth, mean } = growthOf(samples);
  return growth <= Math.max(absolute, share * mean);
}

/** The means of so many equal parts of a curve, as whole numbers. */
export function parts(samples: readonly Sample[], count: number): string {
  const until = samples.at(-1)?.[0] ?? 0;
  return Array.from({ length: count }, (_, part) => {
    const values = samples
      .filter(([seconds]) => Math.min(Math.floor((seconds / until) * count), count - 1) === part)
      .map(([, value]) => value);
    return values.length > 0
      ? Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)
      : "-";
  }).join(" ");
}

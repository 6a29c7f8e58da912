/** Ids after a position, ascending, at most `limit`. */
export type IdWalk = (afterId: number, limit: number) => Promise<readonly number[]>;

export interface IdDifferences {
  /** Only in the first walk. */
  readonly missing: readonly number[];
  /** Only in the second walk. */
  readonly surplus: readonly number[];
}

/** Compares two walks over ids, a piece of both at a time; answers each piece, also where nothing differs. */
export async function* idDifferences(
  expected: IdWalk,
  actual: IdWalk,
  limit: number,
): AsyncGenerator<IdDifferences> {
  for (let position = 0; ; ) {
    const [wanted, present] = [await expected(position, limit), await actual(position, limit)];
    // Behind the end of a full piece there may be more: only up to there both are known.
    const horizon = Math.min(horizonOf(wanted, limit), horizonOf(present, limit));
    yield { missing: without(wanted, present, horizon), surplus: without(present, wanted, horizon) };
    if (horizon === Number.POSITIVE_INFINITY) return;
    position = horizon;
  }
}

function horizonOf(ids: readonly number[], limit: number): number {
  return ids.length < limit ? Number.POSITIVE_INFINITY : (ids.at(-1) ?? 0);
}

function without(ids: readonly number[], others: readonly number[], horizon: number): number[] {
  const known = new Set(others);
  return ids.filter((id) => id <= horizon && !known.has(id));
}

import { median } from "../statistics.ts";

/** What a comparison found: a line for each figure, and what was missed; nothing was when it passed. */
export interface Findings {
  readonly figures: readonly string[];
  readonly missed: readonly string[];
}

/** One way to do the same; answers its microseconds for one event, or one write. */
export type Arm = () => Promise<number>;

/** Runs the arms round by round, each second round backwards, after one that warms up; answers their times by round. */
export async function alternate<Name extends string>(
  rounds: number,
  armsOf: () => Promise<Readonly<Record<Name, Arm>>>,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const times = {} as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round++) {
    const arms = Object.entries(await armsOf()) as [Name, Arm][];
    for (const [name, arm] of round % 2 === 0 ? arms : arms.reverse()) {
      const time = await arm();
      times[name] ??= [];
      if (round > 0) times[name].push(time);
    }
  }
  return times;
}

/** Microseconds that `work` takes for each of `count` things. */
export async function timeEach(count: number, work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return ((performance.now() - startedAt) * 1_000) / count;
}

/** How many times as long the first takes as the second, round by round. */
export function ratios(numerators: readonly number[], denominators: readonly number[]): readonly number[] {
  return numerators.map((time, round) => time / (denominators[round] ?? Number.NaN));
}

/** `0.91 (0.80 to 1.02)`: median, least and greatest. */
export function spread(values: readonly number[], digits = 2): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

export function perSecond(times: readonly number[]): string {
  return `${Math.round(1_000_000 / median(times)).toLocaleString("en")}/s`;
}

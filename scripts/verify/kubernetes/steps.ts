/** How an autoscaler may move: a share of its pods or a number of them, in each period. */
export interface Policy {
  readonly percent: number;
  readonly pods: number;
}

const LEAST = 2;

/** The sizes that a group goes through under more work than its largest bears: of both policies the larger step. */
export function stepsUp({ percent, pods }: Policy, largest: number): readonly number[] {
  const steps = [LEAST];
  for (let size = LEAST; size < largest; steps.push(size)) {
    size = Math.min(largest, Math.max(size + pods, Math.ceil(size * (1 + percent / 100))));
  }
  return steps;
}

/** The sizes that a group without work goes through: of both policies the smaller step. */
export function stepsDown({ percent, pods }: Policy, largest: number): readonly number[] {
  const steps = [largest];
  for (let size = largest; size > LEAST; steps.push(size)) {
    size = Math.max(LEAST, size - pods, Math.floor(size * (1 - percent / 100)));
  }
  return steps;
}

import type { Usage } from "./process-usage.ts";

/** What an autoscaler keeps a group at, in hundredths of what its pods ask for. */
export interface Targets {
  readonly cpu: number;
  readonly memory: number;
}

/** As a manifest has them. */
export interface Requirements {
  readonly cpu: string;
  readonly memory: string;
  readonly memoryLimit: string;
}

/** Memory grows for hours after a measurement of seconds. */
const MEMORY_MARGIN = 1.15;
const CPU_STEP = 50;
const MEMORY_STEP = 32;

/**
 * What a pod asks for, from what it used under the share of work that one pod should bear: so much that it then stands
 * at its autoscaler's target, so that more work makes another pod. Memory may grow to twice of that.
 */
export function requirementsOf({ cpu, memory }: Usage, targets: Targets): Requirements {
  const asked = upTo((memory * MEMORY_MARGIN * 100) / targets.memory, MEMORY_STEP);
  return {
    cpu: `${upTo((cpu * 100) / targets.cpu, CPU_STEP)}m`,
    memory: `${asked}Mi`,
    memoryLimit: `${2 * asked}Mi`,
  };
}

const upTo = (value: number, step: number): number => Math.ceil(value / step) * step;

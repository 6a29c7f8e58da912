import type { Verdict } from "../events/verdict.ts";
import type { Stage } from "./stage.ts";

export interface CheckOptions {
  readonly stage: Stage;
  /** Tells how far it is. */
  readonly say: (text: string) => void;
  /** From here on it only waits: the next check may begin. */
  readonly goOn: () => void;
}

export type Check = (options: CheckOptions) => Promise<Verdict>;

/** The differences of those expectations that aren't met. */
export function unmet(...expectations: readonly (readonly [isMet: boolean, otherwise: string])[]): string[] {
  return expectations.filter(([isMet]) => !isMet).map(([, otherwise]) => otherwise);
}

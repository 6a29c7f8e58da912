import type { Verdict } from "../events/verdict.ts";
import type { SimulatedCluster } from "./cluster.ts";

export interface ScenarioInput {
  readonly cluster: SimulatedCluster;
  /** How many times faster than tabled autoscalers' windows and periods pass. */
  readonly speed: number;
  readonly say: (text: string) => void;
}

export type KubernetesScenario = (input: ScenarioInput) => Promise<Verdict>;

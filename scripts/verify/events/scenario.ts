import type { RealServers } from "./real-servers.ts";
import type { Verdict } from "./verdict.ts";

export interface ScenarioOptions {
  readonly servers: RealServers;
  readonly seed: number;
  /** Mixed writes of the broker's outage. */
  readonly writes: number;
  /** How often each side is killed. */
  readonly kills: number;
  /** Tells how far it is. */
  readonly say: (text: string) => void;
}

export type Scenario = (options: ScenarioOptions) => Promise<Verdict>;

import type { RealServers } from "../events/real-servers.ts";
import type { Verdict } from "../events/verdict.ts";

export interface MeshScenarioOptions {
  readonly servers: RealServers;
  /** Requests a second, where a scenario has a load; undefined = as many as it likes. */
  readonly rate: number | undefined;
  /** Of the long load. */
  readonly minutes: number;
  /** Tells how far it is. */
  readonly say: (text: string) => void;
}

export type MeshScenario = (options: MeshScenarioOptions) => Promise<Verdict>;

import { setTimeout as sleep } from "node:timers/promises";
import { rateOf, timesAtRate } from "../../bench/images/load.ts";
import { makeReader } from "../../bench/images/members.ts";
import type { FaultyMesh } from "./faulty-mesh.ts";

/** Requests a second to what is broken, and how many feeds are asked for at the same time meanwhile. */
const TARGET_RATE = 20;
const FEED_LANES = 2;
/** Milliseconds of a measurement: all of them together must fit into the time that a breaker stays open. */
const ROUND = 2_000;

export interface Measurement {
  /** A second. */
  readonly feeds: number;
  /** Statuses other than 200. */
  readonly feedErrors: readonly number[];
  /** Milliseconds of each request to the target. */
  readonly times: readonly number[];
  readonly statuses: readonly number[];
}

/** Who asks one of the meshes. */
export class Side {
  readonly #url: string;
  readonly #authorization: string;

  private constructor(url: string, authorization: string) {
    this.#url = url;
    this.#authorization = authorization;
  }

  static async of({ url }: FaultyMesh): Promise<Side> {
    return new Side(url, await makeReader(url));
  }

  askTarget(): Promise<number> {
    return this.#get("/member-activities");
  }

  /** Asks the target until something holds; answers the seconds it took, or undefined. */
  async askUntil(deadline: number, holds: () => Promise<boolean>): Promise<number | undefined> {
    const startedAt = performance.now();
    while (!(await holds())) {
      if (performance.now() - startedAt > deadline) return undefined;
      void this.askTarget().catch(() => undefined);
      await sleep(1_000 / TARGET_RATE);
    }
    return (performance.now() - startedAt) / 1_000;
  }

  /** Asks for both for a while. */
  async measure(): Promise<Measurement> {
    const statuses: number[] = [];
    const feedErrors: number[] = [];
    const readFeed = async () => {
      const status = await this.#get("/timeline/posts/followings");
      if (status !== 200) feedErrors.push(status);
    };
    const [feeds, times] = await Promise.all([
      rateOf(readFeed, FEED_LANES, ROUND),
      timesAtRate(async () => void statuses.push(await this.askTarget()), TARGET_RATE, ROUND),
    ]);
    return { feeds, feedErrors, times, statuses };
  }

  async #get(path: string): Promise<number> {
    const answer = await fetch(`${this.#url}/api${path}`, {
      headers: { authorization: this.#authorization },
    });
    await answer.arrayBuffer();
    return answer.status;
  }
}

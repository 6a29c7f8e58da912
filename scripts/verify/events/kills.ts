import { mulberry32 } from "../../random/mulberry32.ts";
import { killConsumers } from "./consumer-kills.ts";
import { CONSUMING, gatewayPlace, Mesh, PUBLISHING } from "./mesh.ts";
import { killPublishers } from "./publisher-kills.ts";
import type { ScenarioOptions } from "./scenario.ts";
import { type Verdict, verdictOf, withFigures } from "./verdict.ts";
import { WriteLoad } from "./write-load.ts";

const WRITERS = 8;
/** Milliseconds; at most some 50 writes a second, since most of the machine goes into starting processes. */
const PAUSE = 150;
const PUBLISHERS = 3;

/** What the killers of both sides work with. */
export interface KillScene {
  readonly options: ScenarioOptions;
  readonly mesh: Mesh;
  readonly load: WriteLoad;
  /** At least 0, below 1. */
  readonly random: () => number;
}

export interface Kills {
  readonly done: number;
  /** Of those killed, the ones that just had something to do. */
  readonly working: number;
}

/** Publishing processes, then consuming ones, are killed at random moments of a load. */
export async function kills(options: ScenarioOptions): Promise<Verdict> {
  const { servers, seed, say } = options;
  const mesh = await Mesh.create(servers, "kill");
  try {
    const places = await Promise.all(Array.from({ length: PUBLISHERS }, gatewayPlace));
    const startPublisher = (place: number) => mesh.start(PUBLISHING, places[place]?.variables);
    const publishers = await Promise.all(places.map((_, place) => startPublisher(place)));
    const consumer = await mesh.start(CONSUMING);
    const load = new WriteLoad({ urls: places.map(({ url }) => url), seed, writers: WRITERS, pause: PAUSE });
    await load.joinOrThrow();

    const scene = { options, mesh, load, random: mulberry32(seed) };
    const ofPublishers = await load.during(() => killPublishers(scene, publishers, startPublisher));
    await consumer.stopOrThrow();
    const ofConsumers = await load.during(() => killConsumers(scene));
    await mesh.start(CONSUMING);
    const settling = await mesh.evidence.settledOrThrow();
    say(`everything has settled after ${load.begun} writes`);
    await mesh.stopOrThrow();

    return withFigures(await verdictOf(mesh.evidence, load.ledger, { allLogged: true }), {
      "kills of publishers": `${ofPublishers.done} (${ofPublishers.working} with partitions in hand)`,
      "kills of consumers": `${ofConsumers.done} (${ofConsumers.working} with recording under way)`,
      "caught up within, ms": Math.round(settling),
    });
  } finally {
    await mesh.remove();
  }
}

import { mulberry32 } from "../../random/mulberry32.ts";
import { CONSUMING, gatewayPlace, Mesh, PUBLISHING } from "./mesh.ts";
import type { NodeProcess } from "./node-process.ts";
import type { ScenarioOptions } from "./scenario.ts";
import { until } from "./until.ts";
import { type Verdict, verdictOf, withFigures } from "./verdict.ts";
import { WriteLoad } from "./write-load.ts";

const WRITERS = 8;
/** Milliseconds; at most some 50 writes a second, since most of the machine goes into starting processes. */
const PAUSE = 150;
const PUBLISHERS = 3;
/** Killed one after the other while they share the six partitions, since Kafka gives a killed one's out after 10 s. */
const CONSUMERS = 6;
/** A kill comes after fewer writes than this, by the seed. */
const [WRITES_BEFORE_PUBLISHER, WRITES_BEFORE_CONSUMER] = [60, 20];

/** Kills, and how many of those killed just had something to do. */
interface Kills {
  done: number;
  working: number;
}

/** Publishing processes, then consuming ones, are killed at random moments of a load. */
export async function kills(options: ScenarioOptions): Promise<Verdict> {
  const { servers, seed } = options;
  const mesh = await Mesh.create(servers, "kill");
  const random = mulberry32(seed);
  try {
    const places = await Promise.all(Array.from({ length: PUBLISHERS }, gatewayPlace));
    const startPublisher = (index: number) => mesh.start(PUBLISHING, places[index]?.variables);
    const publishers = await Promise.all(places.map((_, index) => startPublisher(index)));
    const consumer = await mesh.start(CONSUMING);
    const load = new WriteLoad({ urls: places.map(({ url }) => url), seed, writers: WRITERS, pause: PAUSE });
    await load.joinOrThrow();

    const scene = { options, mesh, load, random };
    const ofPublishers = await load.during(() => killPublishers(scene, publishers, startPublisher));
    await consumer.stopOrThrow();
    const ofConsumers = await load.during(() => killConsumers(scene));
    await mesh.start(CONSUMING);
    const settling = await mesh.evidence.settledOrThrow();
    options.say(`settled after ${load.begun} writes`);
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

interface Scene {
  readonly options: ScenarioOptions;
  readonly mesh: Mesh;
  readonly load: WriteLoad;
  /** At least 0, below 1. */
  readonly random: () => number;
}

/** A killed one starts again at once, in its place, while the next one is killed: there may be moments without any. */
async function killPublishers(
  { options: { kills: wanted, say }, mesh, load, random }: Scene,
  started: readonly NodeProcess[],
  start: (index: number) => Promise<NodeProcess>,
): Promise<Kills> {
  const kills = { done: 0, working: 0 };
  const publishers = started.map((publisher) => Promise.resolve(publisher));
  while (kills.done < wanted) {
    await load.passes(Math.floor(random() * WRITES_BEFORE_PUBLISHER));
    const index = Math.floor(random() * publishers.length);
    const killed = await publishers[index];
    if (!killed) throw new Error(`there is no publisher ${index}`);
    if ((await mesh.evidence.partitionsOf(killed.id)) > 0) kills.working++;
    await killed.kill();
    kills.done++;
    const next = start(index);
    // Whoever awaits it is told, if it can't start.
    next.catch(() => undefined);
    publishers[index] = next;
    if (kills.done % 5 === 0) {
      say(
        `${kills.done} publishers killed; ${load.begun} writes, ${await mesh.evidence.waiting()} events wait`,
      );
    }
  }
  await Promise.all(publishers);
  return kills;
}

async function killConsumers({ options: { kills: wanted, say }, mesh, load, random }: Scene): Promise<Kills> {
  const { evidence } = mesh;
  const kills = { done: 0, working: 0 };
  while (kills.done < wanted) {
    const size = Math.min(CONSUMERS, wanted - kills.done);
    const living = await Promise.all(Array.from({ length: size }, () => mesh.start(CONSUMING)));
    const killOne = async () => {
      const before = await evidence.activityCount();
      await load.passes(Math.floor(random() * WRITES_BEFORE_CONSUMER));
      await living.splice(Math.floor(random() * living.length), 1)[0]?.kill();
      kills.done++;
      if ((await evidence.activityCount()) > before) kills.working++;
    };
    // The first while they still join: the group waits for those that were killed before, and then for it, too.
    await killOne();
    await sharedAmong(living, mesh);
    while (living.length > 0) await killOne();
    say(`${kills.done} consumers killed; ${load.begun} writes, ${await evidence.activityCount()} activities`);
  }
  return kills;
}

/** Resolves when the partitions are dealt out to those that live, and to nobody else. */
async function sharedAmong(living: readonly NodeProcess[], { evidence }: Mesh): Promise<void> {
  const wanted = living.map(({ id }) => id).sort();
  await until(
    "the consumers share the partitions",
    async () => (await evidence.kafka.sharers()).toSorted().join() === wanted.join(),
    async () => {
      const printed = living.map(({ id, output }) => `${id} printed:\n${output}`);
      return [await evidence.kafka.describe(), ...printed].join("\n");
    },
  );
}

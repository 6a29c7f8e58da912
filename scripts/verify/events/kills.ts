import { setTimeout as sleep } from "node:timers/promises";
import { mulberry32 } from "../../random/mulberry32.ts";
import { until } from "./evidence.ts";
import { CONSUMING, gatewayPlace, Mesh, PUBLISHING } from "./mesh.ts";
import type { NodeProcess } from "./node-process.ts";
import type { ScenarioOptions } from "./scenario.ts";
import { type Verdict, verdictOf, withFigures } from "./verdict.ts";
import { WriteLoad } from "./write-load.ts";

const WRITERS = 8;
const PAUSE = 60;
/** Several, since a killed one's partitions wait up to 5 s for their lease to run out: the others go on. */
const PUBLISHERS = 3;
const LONGEST_LIFE = 2_000;
/** Killed one after the other while they share the partitions, since Kafka gives a killed one's out after 10 s only. */
const CONSUMERS = 6;
const LONGEST_WAIT = 400;

/** Publishing processes, then consuming ones, are killed at random moments of a load. */
export async function kills(options: ScenarioOptions): Promise<Verdict> {
  const mesh = await Mesh.create(options.servers, "kill");
  const random = mulberry32(options.seed);
  try {
    const places = await Promise.all(Array.from({ length: PUBLISHERS }, gatewayPlace));
    const publishers: NodeProcess[] = [];
    for (const { variables } of places) publishers.push(await mesh.start(PUBLISHING, variables));
    const consumer = await mesh.start(CONSUMING);
    const urls = places.map(({ url }) => url);
    const load = new WriteLoad({ urls, seed: options.seed, writers: WRITERS, pause: PAUSE });
    await load.joinOrThrow();

    const publisherKills = await load.during(() =>
      killPublishers(options, mesh, random, async (index) => {
        const killed = publishers[index] as NodeProcess;
        const held = await mesh.evidence.partitionsOf(killed.id);
        await killed.kill();
        publishers[index] = await mesh.start(PUBLISHING, places[index]?.variables);
        return held;
      }),
    );
    await consumer.stopOrThrow();
    const consumerKills = await load.during(() => killConsumers(options, mesh, random));
    await mesh.start(CONSUMING);
    const settling = await mesh.evidence.settledOrThrow();
    await mesh.stopOrThrow();

    return withFigures(await verdictOf(mesh.evidence, load.ledger, { allLogged: true }), {
      "kills of publishers": `${options.kills} (${publisherKills} with partitions in hand)`,
      "kills of consumers": `${consumerKills.kills} (${consumerKills.working} with recording under way)`,
      "caught up within, ms": Math.round(settling),
    });
  } finally {
    await mesh.remove();
  }
}

/** Answers how many of the killed ones were to send something. */
async function killPublishers(
  { kills: wanted, say }: ScenarioOptions,
  mesh: Mesh,
  random: () => number,
  kill: (index: number) => Promise<number>,
): Promise<number> {
  let working = 0;
  for (let n = 1; n <= wanted; n++) {
    await sleep(random() * LONGEST_LIFE);
    if ((await kill(Math.floor(random() * PUBLISHERS))) > 0) working++;
    if (n % 10 === 0) say(`${n} publishers killed; ${await mesh.evidence.waiting()} events wait`);
  }
  return working;
}

/** Answers how many were killed, and while how many of them records were being made. */
async function killConsumers(
  { kills: wanted, say }: ScenarioOptions,
  mesh: Mesh,
  random: () => number,
): Promise<{ kills: number; working: number }> {
  let [done, working] = [0, 0];
  while (done < wanted) {
    const size = Math.min(CONSUMERS, wanted - done);
    const consumers = await Promise.all(Array.from({ length: size }, () => mesh.start(CONSUMING)));
    let before = await mesh.evidence.activityCount();
    // The group takes up its work once the killed ones before are given up.
    const isConsumed = async () => (await mesh.evidence.activityCount()) > before;
    await until("events are consumed again", isConsumed).catch((error: unknown) => {
      const outputs = consumers.map(({ id, output }) => `${id} printed:\n${output}`);
      throw new Error([error, ...outputs].join("\n"));
    });
    for (const consumer of consumers) {
      before = await mesh.evidence.activityCount();
      await sleep(random() * LONGEST_WAIT);
      await consumer.kill();
      if ((await mesh.evidence.activityCount()) > before) working++;
      done++;
    }
    say(`${done} consumers killed; ${before} activities`);
  }
  return { kills: done, working };
}

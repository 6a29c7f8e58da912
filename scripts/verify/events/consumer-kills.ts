import type { KillScene, Kills } from "./kills.ts";
import { CONSUMING, type Mesh } from "./mesh.ts";
import type { NodeProcess } from "./node-process.ts";
import { until } from "./until.ts";

/** Killed one after the other while they share the six partitions, since Kafka gives a killed one's out after 10 s. */
const CONSUMERS = 6;
/** A kill comes after fewer writes than this, by the seed. */
const MOST_WRITES = 20;

/** Of each handful the first dies while they join, the others while they record. */
export async function killConsumers({
  options: { kills: wanted, say },
  mesh,
  load,
  random,
}: KillScene): Promise<Kills> {
  const { evidence } = mesh;
  const kills = { done: 0, working: 0 };
  while (kills.done < wanted) {
    const size = Math.min(CONSUMERS, wanted - kills.done);
    const living = await Promise.all(Array.from({ length: size }, () => mesh.start(CONSUMING)));
    const killOne = async () => {
      const before = await evidence.activityCount();
      await load.passes(Math.floor(random() * MOST_WRITES));
      const [killed] = living.splice(Math.floor(random() * living.length), 1);
      await killed?.kill();
      kills.done++;
      if ((await evidence.activityCount()) > before) kills.working++;
    };
    await killOne();
    await sharedAmong(living, mesh);
    while (living.length > 0) await killOne();
    say(`${kills.done} consumers killed; ${load.begun} writes, ${await evidence.activityCount()} activities`);
  }
  return kills;
}

/** Resolves when the partitions are dealt out to those that live, and to nobody else. */
async function sharedAmong(living: readonly NodeProcess[], { evidence: { kafka } }: Mesh): Promise<void> {
  const wanted = living.map(({ id }) => id).sort();
  await until(
    "the consumers share the partitions",
    async () => (await kafka.sharers()).toSorted().join() === wanted.join(),
    async () => {
      const printed = living.map(({ id, output }) => `${id} printed:\n${output}`);
      return [await kafka.describe(), ...printed].join("\n");
    },
  );
}

import type { KillScene, Kills } from "./kills.ts";
import type { NodeProcess } from "./node-process.ts";

/** A kill comes after fewer writes than this, by the seed. */
const MOST_WRITES = 60;
const KILLS_BETWEEN_NEWS = 5;

/**
 * Kills one that has partitions to send from, where there is one. It starts again at once, in its place, while the next
 * is killed: there may be moments without any. Where the machine is too busy for a start, there is a second one, as by
 * whatever keeps a process running.
 */
export async function killPublishers(
  { options: { kills: wanted, say }, mesh: { evidence }, load, random }: KillScene,
  started: readonly NodeProcess[],
  start: (place: number) => Promise<NodeProcess>,
): Promise<Kills> {
  const kills = { done: 0, working: 0 };
  const living = new Map(started.entries());
  const starts = new Map<number, Promise<void>>();
  while (kills.done < wanted) {
    await load.passes(Math.floor(random() * MOST_WRITES));
    if (living.size === 0) await Promise.race(starts.values());
    const senders = await evidence.senders();
    const sending = [...living].filter(([, { id }]) => senders.has(id));
    const candidates = sending.length > 0 ? sending : [...living];
    const chosen = candidates[Math.floor(random() * candidates.length)];
    if (!chosen) continue;
    const [place, publisher] = chosen;
    living.delete(place);
    await publisher.kill();
    kills.done++;
    if (sending.length > 0) kills.working++;
    const restart = start(place)
      .catch((error: unknown) => {
        say(`a restart failed, and is tried again: ${error}`);
        return start(place);
      })
      .then((node) => {
        living.set(place, node);
      });
    // Told where it is awaited.
    restart.catch(() => undefined);
    starts.set(place, restart);
    if (kills.done % KILLS_BETWEEN_NEWS > 0) continue;
    say(`${kills.done} publishers killed; ${load.begun} writes, ${await evidence.waiting()} events wait`);
  }
  await Promise.all(starts.values());
  return kills;
}

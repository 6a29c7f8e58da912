import { setTimeout as sleep } from "node:timers/promises";
import { DISCOVERY_TIMEOUT, type OneShot, startOneShot } from "./one-shot.ts";

/**
 * `npm run search:reindex` builds the search index anew from the posts, comments and members that exist, while the one
 * that serves goes on serving, and switches to it. One node of the mesh at a time does so.
 */

type Counts = Readonly<Partial<Record<"members" | "posts" | "comments", number>>>;

/** Milliseconds between two lines of progress. */
const INTERVAL = 2_000;

const oneShot = await startOneShot({ LOG_LEVEL: "warn" });
try {
  await reindex(oneShot);
} catch (error) {
  tell(`failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await oneShot.stop();
}
process.exit();

async function reindex({ broker, isMesh }: OneShot): Promise<void> {
  if (isMesh) await broker.waitForServices("search", DISCOVERY_TIMEOUT);
  // One node builds, and only that one knows how far it is.
  const services = await broker.call<{ name: string; nodeID: string }[], object>("$node.services", {
    onlyAvailable: true,
    grouping: false,
  });
  const nodeID = services.find(({ name }) => name === "search")?.nodeID;
  const startedAt = performance.now();
  const building = broker.call<Counts & { outcome: string }, object>(
    "search.reindex",
    {},
    { nodeID, timeout: 0 },
  );
  const isOver = building.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([isOver, sleep(INTERVAL, false, { ref: false })]))) {
    const { isRunning, ...counts } = await broker.call<Counts & { isRunning: boolean }, object>(
      "search.reindexProgress",
      {},
      { nodeID },
    );
    if (isRunning) tell(`${textOf(counts)} so far`);
  }
  const { outcome, ...counts } = await building;
  if (outcome === "ELSEWHERE") {
    throw new Error("another node builds or checks the index now; try again when it is through");
  }
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  tell(`${textOf(counts)} in ${seconds} s; the new index serves`);
}

function textOf({ members = 0, posts = 0, comments = 0 }: Counts): string {
  return `members ${members}, posts ${posts}, comments ${comments}`;
}

function tell(text: string): void {
  process.stderr.write(`search:reindex: ${text}\n`);
}

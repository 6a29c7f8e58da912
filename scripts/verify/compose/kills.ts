import type { Verdict } from "../events/verdict.ts";
import { lostWrites } from "../load/lost-writes.ts";
import { joinMembers } from "../load/members.ts";
import { type Failure, MixedLoad } from "../load/mixed-load.ts";
import { shownFailures } from "../load/report.ts";
import type { Stack } from "./stack.ts";

/** Requests a second: what breaks is looked for, not what is too much. */
const RATE = 20;
const RESTART_DEADLINE_MS = 300_000;
const RECOVERY_DEADLINE_MS = 60_000;
/** Of the product's time-outs, the longest for one of these requests, and a bit for a slow machine. */
const ANSWER_WITHIN_MS = 12_000;

/** Kills the first process of each container in turn, under load; Docker starts it again. */
export async function killEach(
  stack: Stack,
  { url, databaseUrl, say }: { url: string; databaseUrl: string; say: (text: string) => void },
): Promise<Verdict> {
  const members = await joinMembers(url, 5);
  const load = new MixedLoad({ urlOf: () => url, members, rate: RATE });
  load.start();
  const figures: Record<string, string> = {};
  const differences: string[] = [];
  const services = (await stack.containers()).map(({ service }) => service).sort();
  for (const service of services) {
    const before = (await stack.containers()).find((container) => container.service === service);
    if (!before) throw new Error(`${service} has gone`);
    const from = load.failures.length;
    const began = load.now;
    await stack.kill(before);
    const back = await stack.restartedOrThrow(before, RESTART_DEADLINE_MS);
    const recovered = await load.recoveredOrThrow(RECOVERY_DEADLINE_MS);
    const failures = load.failures.slice(from);
    differences.push(
      ...failures.filter((failure) => !isHonest(failure, service)).map((f) => told(service, f)),
    );
    const seconds = (Math.max(recovered - began, 0) / 1_000).toFixed(1);
    figures[`kill -9 of ${service}`] =
      `healthy after ${(back / 1_000).toFixed(1)} s; ${failures.length} requests failed${failures.length > 0 ? `, the last after ${seconds} s` : ""}${failures.length > 0 ? ` (${shownFailures(failures).join("; ")})` : ""}`;
    say(`${service}: ${figures[`kill -9 of ${service}`]}`);
  }
  await load.stop();
  const { posts, comments } = load.acknowledged;
  figures["acknowledged writes"] = `${posts.size} posts, ${comments.size} comments, of ${load.sent} requests`;
  differences.push(...(await lostWrites(databaseUrl, load)));
  return { figures, differences };
}

/** 503 or 504 in time; connections break only where the gateway itself is killed. */
function isHonest({ status, milliseconds }: Failure, service: string): boolean {
  if (status === 0) return service === "gateway";
  return (status === 503 || status === 504) && milliseconds < ANSWER_WITHIN_MS;
}

function told(service: string, { operation, status, reason, milliseconds }: Failure): string {
  return `${service} killed: ${operation} answered ${status} ${reason} after ${Math.round(milliseconds)} ms`;
}

import type { Admin } from "kafkajs";
import { protocolErrorOf } from "./failures.ts";
import { endsOf, groupsReading, positionsOf } from "./group-offsets.ts";

/** What the dropping of old topics did. */
export interface DropReport {
  readonly dropped: readonly string[];
  /** Old, but not read to the end by these groups (no group: nobody ever read it). */
  readonly kept: readonly { readonly topic: string; readonly unreadBy: readonly string[] }[];
}

export interface Retirement {
  /** Topics old enough to go. */
  readonly expired: readonly string[];
  /** Every topic of their family: who committed in one of them is a reader of all. */
  readonly family: readonly string[];
  /** Groups that must have read them, known or not. */
  readonly groups: readonly string[];
}

/** Drops those of the expired topics that every reader has read to the end, tells each, and answers the others. */
export async function dropReadTopics(
  admin: Admin,
  { expired, family, groups }: Retirement,
  onDropped: (topic: string) => void,
): Promise<DropReport["kept"]> {
  const kept: DropReport["kept"][number][] = [];
  if (expired.length === 0) return kept;
  const readers = [...new Set([...(await groupsReading(admin, family)), ...groups])];
  for (const topic of expired) {
    const unreadBy = await groupsKeeping(admin, topic, readers);
    if (unreadBy === undefined) {
      await drop(admin, topic);
      onDropped(topic);
    } else {
      kept.push({ topic, unreadBy });
    }
  }
  return kept;
}

/** The groups that keep a topic; undefined when it may go. A topic that holds something and has no reader stays. */
async function groupsKeeping(
  admin: Admin,
  topic: string,
  readers: readonly string[],
): Promise<string[] | undefined> {
  const ends = await endsOf(admin, [topic]);
  const isEmpty = [...ends.values()].flat().every(({ low, high }) => low === high);
  if (isEmpty) return undefined;
  const unreadBy: string[] = [];
  for (const group of readers) {
    const positions = await positionsOf(admin, group, ends);
    if (positions.some(({ lag }) => lag > 0)) unreadBy.push(group);
  }
  return readers.length > 0 && unreadBy.length === 0 ? undefined : unreadBy;
}

async function drop(admin: Admin, topic: string): Promise<void> {
  await admin.deleteTopics({ topics: [topic] }).catch((error: unknown) => {
    // Another node was quicker.
    if (protocolErrorOf(error) !== "UNKNOWN_TOPIC_OR_PARTITION") throw error;
  });
}

import { setTimeout } from "node:timers/promises";
import type { Admin } from "kafkajs";
import { protocolErrorOf } from "./failures.ts";

/** What a group has not read yet of one partition, in messages. */
export interface TopicLag {
  readonly topic: string;
  readonly partition: number;
  readonly lag: number;
}

/** Where a group stands in one partition. */
export interface Position extends TopicLag {
  /** The next offset it will read; undefined where it has committed nothing. */
  readonly committed: string | undefined;
}

/** First offset kept and next offset written of each partition of a topic. */
export type TopicEnds = ReadonlyMap<string, readonly { partition: number; low: string; high: string }[]>;

const MOST_TRIES = 20;
/** Milliseconds. */
const TRY_INTERVAL = 100;
const UNSETTLED: ReadonlySet<string | undefined> = new Set([
  "NOT_LEADER_FOR_PARTITION",
  "NOT_COORDINATOR_FOR_GROUP",
  "GROUP_COORDINATOR_NOT_AVAILABLE",
  "GROUP_LOAD_IN_PROGRESS",
]);

export async function endsOf(admin: Admin, topics: readonly string[]): Promise<TopicEnds> {
  const ends: [string, Awaited<ReturnType<Admin["fetchTopicOffsets"]>>][] = [];
  // One after the other: each one refreshes the metadata of all those before it.
  for (const topic of topics) {
    ends.push([topic, await onceSettled(() => admin.fetchTopicOffsets(topic))]);
  }
  return new Map(ends);
}

/** A broker may not know yet that it leads a partition or keeps a group's offsets, and kafkajs doesn't ask again. */
async function onceSettled<T>(ask: () => Promise<T>, tries = MOST_TRIES): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (tries <= 1 || !UNSETTLED.has(protocolErrorOf(error))) throw error;
    await setTimeout(TRY_INTERVAL);
    return onceSettled(ask, tries - 1);
  }
}

/** Where a group stands; where it has committed nothing, its lag is everything that is still kept. */
export async function positionsOf(
  admin: Admin,
  group: string,
  ends: TopicEnds,
): Promise<readonly Position[]> {
  if (ends.size === 0) return [];
  const offsets = await committedOffsets(admin, group, [...ends.keys()]);
  return [...ends].flatMap(([topic, partitions]) =>
    partitions.map(({ partition, low, high }) => {
      const committed = offsets.get(`${topic}|${partition}`);
      return { topic, partition, committed, lag: unread(low, high, committed) };
    }),
  );
}

/** Groups that have committed an offset in some of these topics, whoever they belong to. */
export async function groupsReading(admin: Admin, topics: readonly string[]): Promise<readonly string[]> {
  if (topics.length === 0) return [];
  const { groups } = await admin.listGroups();
  const readers: string[] = [];
  for (const { groupId, protocolType } of groups) {
    if (protocolType !== "consumer" && protocolType !== "") continue;
    if ((await committedOffsets(admin, groupId, topics)).size > 0) readers.push(groupId);
  }
  return readers;
}

async function committedOffsets(
  admin: Admin,
  groupId: string,
  topics: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const offsets = await onceSettled(() => admin.fetchOffsets({ groupId, topics: [...topics] }));
  return new Map(
    offsets.flatMap(({ topic, partitions }) =>
      partitions
        .filter(({ offset }) => !offset.startsWith("-"))
        .map(({ partition, offset }) => [`${topic}|${partition}`, offset] as const),
    ),
  );
}

function unread(low: string, high: string, committed: string | undefined): number {
  const next = committed === undefined || BigInt(committed) < BigInt(low) ? BigInt(low) : BigInt(committed);
  const lag = BigInt(high) - next;
  return lag > 0n ? Number(lag) : 0;
}

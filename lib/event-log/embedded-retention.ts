import type { Logger } from "moleculer";
import { TOPIC_FAMILIES, topicOf } from "../../config/topics.ts";
import { datesOf, expiredDates } from "../kafka/calendar.ts";
import type { DropReport } from "../kafka/topic-retention.ts";
import type { EmbeddedLogRepository, PartitionEnd } from "./embedded-log.repository.ts";

export interface RetentionOptions {
  readonly days: number;
  /** Groups that must have read what goes, known or not. */
  readonly groups: readonly string[];
  /** `yyyyMMdd` */
  readonly today: string;
  readonly namespace: string;
  readonly logger: Pick<Logger, "warn">;
}

/** Messages in one statement: small transactions, so that writers hardly wait. */
const CHUNK = 500;

/** Drops those of the old topics that every reader has read to the end. Several nodes may do so at once. */
export async function dropReadTopics(
  log: EmbeddedLogRepository,
  { days, groups, today, namespace, logger }: RetentionOptions,
): Promise<DropReport> {
  const dropped: string[] = [];
  const kept: DropReport["kept"][number][] = [];
  const topics = Map.groupBy(await log.ends(), ({ topic }) => topic);
  for (const { name } of TOPIC_FAMILIES) {
    const topicFor = (date: string) => topicOf(name, date, namespace);
    const dates = datesOf(topicFor(""), [...topics.keys()]);
    const readers = new Set([...(await log.groupsReading(dates.map(topicFor))), ...groups]);
    for (const topic of expiredDates(dates, today, days).map(topicFor)) {
      const unreadBy = await groupsKeeping(log, topic, [...readers]);
      if (readers.size === 0 || unreadBy.length > 0) kept.push({ topic, unreadBy });
      else if (await drop(log, topic, topics.get(topic) ?? [])) dropped.push(topic);
    }
  }
  for (const topic of kept) logger.warn({ ...topic }, "old topic is kept: not everybody has read it");
  return { dropped, kept };
}

async function groupsKeeping(
  log: EmbeddedLogRepository,
  topic: string,
  readers: readonly string[],
): Promise<string[]> {
  const keeping: string[] = [];
  for (const group of readers) {
    const progress = await log.progress(group);
    if (progress.some((part) => part.topic === topic && part.position < part.end)) keeping.push(group);
  }
  return keeping;
}

async function drop(
  log: EmbeddedLogRepository,
  topic: string,
  ends: readonly PartitionEnd[],
): Promise<boolean> {
  for (const { partition, position: end } of ends) {
    for (let after = 0; after < end; after += CHUNK) {
      await log.deleteMessages(topic, partition, after, Math.min(after + CHUNK, end));
    }
  }
  return log.forgetTopic(topic, ends);
}

/** A family of dated topics: one topic for each day. */
export interface TopicFamily {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs: number;
}

export const TOPIC_FAMILIES: readonly TopicFamily[] = [
  { name: "member-activity", partitions: 6, retentionMs: 1_209_600_000 },
];

export function topicOf(family: string, date: string, namespace: string): string {
  const name = `${family}-${date}`;
  return namespace === "dailyfeed" ? name : `${namespace}.${name}`;
}

/** The date of a time (epoch ms) in a zone, as `yyyyMMdd`. */
export function dateIn(timeZone: string, ms: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" })
    .format(ms)
    .replaceAll("-", "");
}

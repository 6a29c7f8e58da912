/** A family of dated topics: one topic for each day. */
export interface TopicFamily {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs: number;
}

/** Every family. A day is kept for 14 days at most; what everybody has read goes sooner. */
export const TOPIC_FAMILIES: readonly TopicFamily[] = [
  { name: "member-activity", partitions: 6, retentionMs: 1_209_600_000 },
];

/** Consumer groups, each named after its service: what one of them has not read is not dropped. */
export const CONSUMER_GROUPS: readonly string[] = ["activity", "image", "search"];

/** @throws Error for a name that no family has */
export function familyOrThrow(name: string): TopicFamily {
  const family = TOPIC_FAMILIES.find((known) => known.name === name);
  if (!family) throw new Error(`${name} is no family of topics`);
  return family;
}

/** The name of a family's topic of a date (`yyyyMMdd`). Meshes other than the default one put their name in front. */
export function topicOf(family: string, date: string, namespace: string): string {
  const name = `${family}-${date}`;
  return namespace === "dailyfeed" ? name : `${namespace}.${name}`;
}

/** Making a format costs far more than using it, and every event asks for its date. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The date of a time (epoch ms) in a zone, as `yyyyMMdd`. */
export function dateIn(timeZone: string, ms: number): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
    formats.set(timeZone, format);
  }
  return format.format(ms).replaceAll("-", "");
}

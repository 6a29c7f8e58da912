/** Dates are `yyyyMMdd`, as in the names of topics; sorting the texts sorts the days. */

/** Days before today of which a topic stays subscribed in any case: clocks of nodes differ, and so does their midnight. */
export const OVERLAP_DAYS = 1;

/** The date some days later (earlier below zero), by the calendar: no clock and no zone is asked. */
export function shiftDate(date: string, days: number): string {
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(4, 6));
  const day = Number(date.slice(6, 8));
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10).replaceAll("-", "");
}

/** Yesterday, today and tomorrow: the topics that must exist at any time. */
export function datesAround(today: string): readonly string[] {
  return [shiftDate(today, -1), today, shiftDate(today, 1)];
}

/** The dates of a family's topics among all topics of a cluster. `prefix` is the name up to the date. */
export function datesOf(prefix: string, topics: readonly string[]): readonly string[] {
  return topics
    .filter((topic) => topic.startsWith(prefix) && /^\d{8}$/.test(topic.slice(prefix.length)))
    .map((topic) => topic.slice(prefix.length))
    .sort();
}

/**
 * Dates whose topics may hold something that a group has not read yet, besides those it follows anyway: older than
 * yesterday and still in retention. Dates to come are followed unseen, since a node's clock may run ahead.
 */
export function olderDates(
  existing: readonly string[],
  today: string,
  retentionDays: number,
): readonly string[] {
  const oldest = shiftDate(today, -retentionDays);
  const newest = shiftDate(today, -OVERLAP_DAYS);
  return existing.filter((date) => date >= oldest && date < newest);
}

/** Dates whose topics are dropped once everybody has read them: more than `days` days before today. */
export function expiredDates(existing: readonly string[], today: string, days: number): readonly string[] {
  const oldestKept = shiftDate(today, -days);
  return existing.filter((date) => date < oldestKept);
}

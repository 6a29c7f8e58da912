import type { Messages } from "../i18n/en.ts";
import { language } from "../i18n/language.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "5 min", "3 h", "2 d", then the date. */
export function relativeTime(at: string, now: number, { time }: Pick<Messages, "time">): string {
  const age = now - Date.parse(at);
  if (age < MINUTE) return time.now;
  if (age < HOUR) return time.minutes(Math.floor(age / MINUTE));
  if (age < DAY) return time.hours(Math.floor(age / HOUR));
  if (age < 7 * DAY) return time.days(Math.floor(age / DAY));
  return shortDate(at, new Date(now).getFullYear());
}

export function exactTime(at: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: "full", timeStyle: "short" }).format(new Date(at));
}

export function monthOf(at: string): string {
  return new Intl.DateTimeFormat(language(), { year: "numeric", month: "long" }).format(new Date(at));
}

function shortDate(at: string, thisYear: number): string {
  const date = new Date(at);
  const year = date.getFullYear() === thisYear ? undefined : "numeric";
  return new Intl.DateTimeFormat(language(), { year, month: "short", day: "numeric" }).format(date);
}

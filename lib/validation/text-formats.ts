import { isInstant } from "./instant.ts";

/** Is it an http or https URL that a browser could open? */
export function isHttpUrl(text: string): boolean {
  if (!/^https?:\/\/[^\s]+$/i.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (protocol === "http:" || protocol === "https:") && hostname !== "";
}

/** An http(s) URL, or an address on this server: exactly one leading slash, so that `//host` can't pass. */
export function isImageAddress(text: string): boolean {
  return isHttpUrl(text) || /^\/(?![/\\])[^\s\\]*$/.test(text);
}

const TIME_ZONES = new Set(Intl.supportedValuesOf("timeZone"));

export function isTimeZone(text: string): boolean {
  if (TIME_ZONES.has(text)) return true;
  // Aliases such as Asia/Calcutta and UTC aren't in the list, offsets such as +09:00 aren't names.
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** A `yyyy-MM-dd` day that exists and lies before today (UTC). */
export function isPastDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const day = new Date(`${text}T00:00:00.000Z`);
  const exists = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
  return exists && Number(match[1]) >= 1000 && text < new Date().toISOString().slice(0, 10);
}

/** Has it a character that shows? Zero-width and control characters alone don't count. */
export function isNotBlank(text: string): boolean {
  return /[^\s\p{Cc}\p{Cf}]/u.test(text);
}

/** A language code as clients write it (`en`, `ko`, `pt-BR`): 2 to 5 characters. */
export function isLanguageCode(text: string): boolean {
  const length = [...text].length;
  return length >= 2 && length <= 5;
}

/** Lower- and upper-case letters, digits and some of these signs; each kind at least once, nothing else. */
export function isStrongPassword(text: string): boolean {
  return (
    /^[A-Za-z\d@$!%*?&#]*$/.test(text) &&
    [/[a-z]/, /[A-Z]/, /\d/, /[@$!%*?&#]/].every((kind) => kind.test(text))
  );
}

/** 1 to 100 characters, spaces around them apart. */
export function isSearchKeyword(text: string): boolean {
  const length = [...text.trim()].length;
  return length >= 1 && length <= 100;
}

/** Formats of our own, usable as `format` in a schema. With `optional-` an empty text passes ("not given"). */
export const TEXT_FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  "http-url": isHttpUrl,
  "image-address": isImageAddress,
  "time-zone": isTimeZone,
  "past-date": isPastDate,
  instant: isInstant,
  "not-blank": isNotBlank,
  password: isStrongPassword,
  "search-keyword": isSearchKeyword,
  "optional-search-keyword": (text) => text.trim() === "" || isSearchKeyword(text),
  "optional-http-url": (text) => text === "" || isHttpUrl(text),
  "optional-image-address": (text) => text === "" || isImageAddress(text),
  "optional-time-zone": (text) => text === "" || isTimeZone(text),
  "optional-past-date": (text) => text === "" || isPastDate(text),
  "optional-language-code": (text) => text === "" || isLanguageCode(text),
};

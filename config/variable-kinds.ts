import { parseDuration } from "./units.ts";

/** How texts become values; each answers undefined for a text that it can't take. */

export const integerBetween = (low: number, high: number) => (text: string) => {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= low && value <= high ? value : undefined;
};

export const oneOf =
  <const T extends string>(...values: readonly T[]) =>
  (text: string): T | undefined =>
    values.find((value) => value === text);

export const boolean = (text: string) => (text === "true" ? true : text === "false" ? false : undefined);

export const nonEmpty = (text: string) => text;

/** What can stand in a header. */
export const apiKey = (text: string) => (/^[\x21-\x7e]+$/.test(text) ? text : undefined);

export const list = (text: string): readonly string[] =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

export const positiveDuration = (text: string) => {
  const value = parseDuration(text);
  return value !== undefined && value > 0 ? value : undefined;
};

export const urlWith =
  (...protocols: readonly string[]) =>
  (text: string): string | undefined => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url && protocols.includes(url.protocol.slice(0, -1)) ? text : undefined;
  };

export const databaseUrl = (text: string) => {
  const url = urlWith("mysql", "mariadb")(text);
  return url && new URL(url).pathname.length > 1 ? url : undefined;
};

/** Not a WHATWG URL: several hosts may stand in it. */
export const mongoUrl = (text: string) =>
  /^mongodb(\+srv)?:\/\/([^@/?]*@)?[^@/?\s]+(\/[^/?\s]*)?(\?\S*)?$/.test(text) ? text : undefined;

export const brokers = (text: string) => {
  const items = list(text);
  const isBroker = (item: string) => {
    const [, port] = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]):(\d{1,5})$/.exec(item) ?? [];
    return Number(port) >= 1 && Number(port) <= 65_535;
  };
  return items.length > 0 && items.every(isBroker) ? items : undefined;
};

export const origins = (text: string) => {
  const items = list(text);
  const isOrigin = (item: string) => item === "*" || (URL.canParse(item) && new URL(item).origin === item);
  return items.every(isOrigin) ? items : undefined;
};

export const timeZone = (text: string) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return text;
  } catch {
    return undefined;
  }
};

import { language } from "../i18n/language.ts";

/** 950, 1.2K, 1.2만. */
export function shortCount(count: number): string {
  return new Intl.NumberFormat(language(), { notation: "compact", maximumFractionDigits: 1 }).format(count);
}

const DURATION_UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SIZE_UNITS = { b: 1, kb: 1_024, mb: 1_024 ** 2, gb: 1_024 ** 3 } as const;

/** Milliseconds of `500ms`, `20s`, `10m`, `1h`, `30d`; undefined when the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * DURATION_UNITS[match[2] as keyof typeof DURATION_UNITS];
}

/** Bytes of `512kb`, `10mb`; undefined when the text is not a size. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)(b|kb|mb|gb)$/i.exec(text);
  if (!match?.[2]) return undefined;
  return Number(match[1]) * SIZE_UNITS[match[2].toLowerCase() as keyof typeof SIZE_UNITS];
}

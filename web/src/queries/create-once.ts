import { ApiError } from "../api/api-error.ts";

interface Writing<T> {
  send(): Promise<T>;
  /** Newest first: what this member wrote lately in the same place. */
  recent(): Promise<readonly T[]>;
  isIt(row: T): boolean;
}

/** Clocks of browser and server may differ this much, in milliseconds. */
const CLOCK_SKEW = 60_000;

/**
 * Writes of which the answer was lost, by what they wrote. Before such a text is sent again, the list tells whether it
 * is there already, so that nothing comes out twice.
 */
const lost = new Map<string, number>();

/** Sends a new post or comment at most once, however often the member has to try. */
export async function createOnce<T extends { readonly createdAt: string }>(
  identity: string,
  { send, recent, isIt }: Writing<T>,
): Promise<T> {
  const since = lost.get(identity);
  if (since !== undefined) {
    const known = (await recent()).find(
      (row) => Date.parse(row.createdAt) >= since - CLOCK_SKEW && isIt(row),
    );
    lost.delete(identity);
    if (known) return known;
  }
  const started = Date.now();
  try {
    return await send();
  } catch (error) {
    if (error instanceof ApiError && error.isOutcomeUnknown) lost.set(identity, started);
    throw error;
  }
}

import { MAX_PAGE_SIZE } from "../../contracts/dto/paging.ts";
import type { ActivityRecord } from "../../lib/documents/activity-record.ts";
import type { ActivityPosition } from "../../lib/documents/activity-repository.ts";
import type { ListOrder, PageRequest } from "../../lib/paging/page-request.ts";

export const DEFAULT_SIZE = 20;

/** Newest first, by time of creation and id. */
export function orderOf(name: string): ListOrder<ActivityPosition, ActivityRecord> {
  return { name, keys: ["integer", "uuid"], keyOf: ({ createdAt, id }) => [createdAt, id] };
}

export interface FilteredSource {
  /** Records after a position, at most `limit`. */
  readonly list: (after: ActivityPosition | undefined, limit: number) => Promise<readonly ActivityRecord[]>;
  /** Which of these are to be shown; asked with at most `MAX_CHUNK` at a time. */
  readonly keep: (records: readonly ActivityRecord[]) => Promise<readonly ActivityRecord[]>;
}

/** Most records that are looked through at a time. */
export const MAX_CHUNK = 1_000;

/**
 * `size + 1` rows of a page of a list from which others than its store know what to leave out. One look at a few
 * more rows than the page has is enough, unless most of a stretch is left out: then it looks further.
 */
export async function filteredRows(
  { list, keep }: FilteredSource,
  { after, offset, size }: PageRequest<ActivityPosition>,
): Promise<ActivityRecord[]> {
  const wanted = offset + size + 1;
  const kept: ActivityRecord[] = [];
  let position = after;
  for (let limit = Math.min(wanted + MAX_PAGE_SIZE, MAX_CHUNK); ; limit = MAX_CHUNK) {
    const records = await list(position, limit);
    kept.push(...(records.length > 0 ? await keep(records) : []));
    const last = records.at(-1);
    if (kept.length >= wanted || records.length < limit || !last) return kept.slice(offset, wanted);
    position = [last.createdAt, last.id];
  }
}

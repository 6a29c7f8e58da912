/** Milliseconds after which a reader's view of a post counts again. */
export const VIEW_INTERVAL = 3_600_000;

/** A reader has seen a post. Times in epoch ms. */
export interface View {
  readonly postId: number;
  readonly memberId: number;
  readonly viewedAt: number;
}

/** All views of one reader of one post in a batch. */
export interface ReaderViews {
  readonly postId: number;
  readonly memberId: number;
  /** Ascending. */
  readonly times: readonly number[];
}

/** Views by post and reader, in the order of posts in which their rows are locked. */
export function groupViews(views: readonly View[]): ReaderViews[] {
  const sorted = views.toSorted(
    (a, b) => a.postId - b.postId || a.memberId - b.memberId || a.viewedAt - b.viewedAt,
  );
  const groups: { postId: number; memberId: number; times: number[] }[] = [];
  for (const { postId, memberId, viewedAt } of sorted) {
    const last = groups.at(-1);
    if (last?.postId === postId && last.memberId === memberId) last.times.push(viewedAt);
    else groups.push({ postId, memberId, times: [viewedAt] });
  }
  return groups;
}

/** How many of these views count, and when the last one that did was; undefined when none counts. */
export function countViews(
  times: readonly number[],
  lastCounted = Number.NEGATIVE_INFINITY,
): { readonly count: number; readonly viewedAt: number } | undefined {
  let count = 0;
  let viewedAt = lastCounted;
  for (const time of times) {
    if (time - viewedAt < VIEW_INTERVAL) continue;
    count++;
    viewedAt = time;
  }
  return count === 0 ? undefined : { count, viewedAt };
}

/**
 * A deed is written as the part of its message key that tells who did what to what, without the time:
 * `POST_UPDATE###7###3`. Where the id of what was to be made is not known, `?` stands for it.
 */

export interface LedgerComparison {
  /** Acknowledged, and not committed. */
  readonly lost: readonly string[];
  /** Committed, and neither acknowledged nor in doubt. */
  readonly surplus: readonly string[];
  /** How many of those whose answer was lost turned out to be committed. */
  readonly doubtsCommitted: number;
}

const SEPARATOR = "###";

/** What clients were told, against what was committed; the same deed may stand in each of them several times. */
export function compareLedger(
  {
    acknowledged,
    doubtful,
  }: { readonly acknowledged: readonly string[]; readonly doubtful: readonly string[] },
  committed: readonly string[],
): LedgerComparison {
  const left = countsOf(committed);
  const lost = acknowledged.filter((deed) => !take(left, deed));
  const doubts = countsOf(doubtful);
  const surplus: string[] = [];
  let doubtsCommitted = 0;
  for (const [deed, count] of left) {
    for (let n = 0; n < count; n++) {
      if (take(doubts, deed) || take(doubts, withUnknownId(deed))) doubtsCommitted++;
      else surplus.push(deed);
    }
  }
  return { lost, surplus, doubtsCommitted };
}

/** What takes back what. */
const OPPOSITES: Readonly<Record<string, string>> = {
  POST_DELETE: "POST_CREATE",
  COMMENT_DELETE: "COMMENT_CREATE",
  LIKE_POST_CANCEL: "LIKE_POST",
  LIKE_COMMENT_CANCEL: "LIKE_COMMENT",
  MEMBER_UNFOLLOW: "MEMBER_FOLLOW",
};
const LASTING = new Set(Object.values(OPPOSITES));

/**
 * Whether each row that there is has its event, and each event its row.
 * @param committed deeds in the order of their commits
 * @param rows the deeds that made the rows which are there: `LIKE_POST###7###3` for a like
 * @returns one line for each difference
 */
export function compareRows(committed: readonly string[], rows: readonly string[]): readonly string[] {
  const expected = new Set<string>();
  for (const deed of committed) {
    const [type = "", ...ids] = deed.split(SEPARATOR);
    const undone = OPPOSITES[type];
    if (LASTING.has(type)) expected.add(deed);
    if (undone !== undefined) expected.delete([undone, ...ids].join(SEPARATOR));
  }
  const found = new Set(rows);
  return [
    ...[...found].filter((deed) => !expected.has(deed)).map((deed) => `a row without its event: ${deed}`),
    ...[...expected].filter((deed) => !found.has(deed)).map((deed) => `an event without its row: ${deed}`),
  ];
}

/** The deed of a message key. */
export function deedOf(messageKey: string): string {
  const parts = messageKey
    .slice(messageKey.lastIndexOf(":", messageKey.indexOf(SEPARATOR)) + 1)
    .split(SEPARATOR);
  return parts.filter((part) => !/^\d{4}-\d\d-\d\d /.test(part)).join(SEPARATOR);
}

/** `POST_CREATE###7###3` as it looked to a client that was never told the 7. */
function withUnknownId(deed: string): string {
  const [type, , ...others] = deed.split(SEPARATOR);
  return [type, "?", ...others].join(SEPARATOR);
}

function countsOf(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** Takes one of these away, if there is one left. */
function take(counts: Map<string, number>, item: string): boolean {
  const count = counts.get(item) ?? 0;
  if (count > 0) counts.set(item, count - 1);
  return count > 0;
}

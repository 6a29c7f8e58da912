/** An event as its outbox row holds it. Times are epoch milliseconds. */
export interface CommittedEvent {
  /** Of its row: the order of commits, among the events of one post. */
  readonly id: number;
  readonly messageKey: string;
  readonly eventId: string;
  readonly type: string;
  readonly memberId: number;
  readonly postId: number | null;
  readonly commentId: number | null;
  readonly at: number;
}

/** A record as the document store holds it. */
export interface StoredActivity {
  readonly messageKey: string;
  readonly eventId: string;
  readonly type: string;
  readonly memberId: number;
  readonly postId: number | null;
  readonly commentId: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * Every key that was committed has one record, which is that of its latest event, and there is no other record.
 * @returns one line for each difference
 */
export function compareActivities(
  committed: readonly CommittedEvent[],
  stored: readonly StoredActivity[],
): readonly string[] {
  const expected = Map.groupBy(committed, ({ messageKey }) => messageKey);
  const found = Map.groupBy(stored, ({ messageKey }) => messageKey);
  const differences: string[] = [];
  for (const [key, events] of expected) {
    const records = found.get(key) ?? [];
    if (records.length === 0) differences.push(`lost: ${key}`);
    if (records.length > 1) differences.push(`doubled: ${records.length} records of ${key}`);
    for (const record of records) differences.push(...differencesOf(record, events));
  }
  for (const key of found.keys()) if (!expected.has(key)) differences.push(`made of nothing: ${key}`);
  return differences;
}

/** In the order of commits; the first event alone is the record's where the times are equal. */
function differencesOf(record: StoredActivity, events: readonly CommittedEvent[]): readonly string[] {
  const latest = Math.max(...events.map(({ at }) => at));
  const last = events.filter(({ at }) => at === latest);
  const same =
    last.some((event) => event.eventId === record.eventId) &&
    record.updatedAt === latest &&
    events.some(({ at }) => at === record.createdAt) &&
    events.every((event) =>
      (["type", "memberId", "postId", "commentId"] as const).every((field) => event[field] === record[field]),
    );
  if (same) return [];
  return [`wrong: ${JSON.stringify(record)}, its latest event is ${JSON.stringify(last[0])}`];
}

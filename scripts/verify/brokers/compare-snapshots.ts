/** A document as it is stored. */
export type Snapshot = Readonly<Record<string, unknown>> & { readonly messageKey: string };

export interface SnapshotComparison {
  readonly missing: number;
  readonly changed: number;
  /** One line for each record that is missing, changed, or was not there before. */
  readonly differences: readonly string[];
}

/** What is different now from what was, in any field of any record. */
export function compareSnapshots(
  before: readonly Snapshot[],
  after: readonly Snapshot[],
): SnapshotComparison {
  const now = new Map(after.map((record) => [record.messageKey, textOf(record)]));
  const keys = new Set(before.map(({ messageKey }) => messageKey));
  const missing = before.filter(({ messageKey }) => !now.has(messageKey));
  const changed = before.filter(
    (record) => now.has(record.messageKey) && now.get(record.messageKey) !== textOf(record),
  );
  const added = after.length - now.size + [...now.keys()].filter((key) => !keys.has(key)).length;
  return {
    missing: missing.length,
    changed: changed.length,
    differences: [
      ...missing.map(({ messageKey }) => `missing: ${messageKey}`),
      ...changed.map((record) => `changed: ${now.get(record.messageKey)}, it was ${textOf(record)}`),
      ...(added > 0 ? [`${added} records more than before`] : []),
    ],
  };
}

function textOf(record: Snapshot): string {
  return JSON.stringify(record, Object.keys(record).sort());
}

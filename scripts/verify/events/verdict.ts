import { compareActivities } from "./compare-activities.ts";
import { compareLedger, compareRows, deedOf } from "./compare-ledger.ts";
import { compareOrder } from "./compare-order.ts";
import type { Evidence } from "./evidence.ts";
import type { Ledger } from "./ledger.ts";

/** What a scenario found. */
export interface Verdict {
  readonly figures: Readonly<Record<string, number | string>>;
  /** One line for each; none when it passed. */
  readonly differences: readonly string[];
}

/** Events that nobody records. */
const INTERNAL = new Set(["MEMBER_UPDATE", "MEMBER_WITHDRAW"]);

/**
 * Compares, once everything has settled, what clients were told with what is committed, that with the business rows,
 * the activities and the topics.
 * @param options.allLogged whether each event must be in a topic
 */
export async function verdictOf(
  evidence: Evidence,
  ledger: Ledger,
  { allLogged }: { readonly allLogged: boolean },
): Promise<Verdict> {
  const committed = await evidence.committed();
  const recorded = committed.filter(({ type }) => !INTERNAL.has(type));
  const deeds = committed.map(({ messageKey }) => deedOf(messageKey));
  const told = compareLedger(ledger, deeds);
  const activities = await evidence.activities();
  const messages = await evidence.kafka.messages();
  const order = compareOrder(committed, messages);
  const deadLetters = await evidence.deadLetters();
  const missing = allLogged && order.missing > 0 ? [`${order.missing} events are in no topic`] : [];
  const dead = deadLetters > 0 ? [`${deadLetters} dead letters`] : [];
  return {
    figures: {
      "writes acknowledged": ledger.acknowledged.length,
      "writes with an unknown outcome": `${ledger.doubtful.length - ledger.failures.length} (${told.doubtsCommitted} committed)`,
      "writes refused": ledger.failures.length,
      "events committed": committed.length,
      "distinct keys": new Set(committed.map(({ messageKey }) => messageKey)).size,
      activities: activities.length,
      "messages in topics": `${messages.length} (${order.repeats} repeats)`,
    },
    differences: [
      ...ledger.failures.map((failure) => `refused: ${failure}`),
      ...told.lost.map((deed) => `acknowledged, not committed: ${deed}`),
      ...told.surplus.map((deed) => `committed, never asked for: ${deed}`),
      ...compareRows(deeds, await evidence.rows()),
      ...compareActivities(recorded, activities),
      ...order.differences,
      ...missing,
      ...dead,
    ],
  };
}

/** Adds what the scenario measured itself. */
export function withFigures(
  { figures, differences }: Verdict,
  more: Readonly<Record<string, number | string>>,
  moreDifferences: readonly string[] = [],
): Verdict {
  return { figures: { ...figures, ...more }, differences: [...differences, ...moreDifferences] };
}

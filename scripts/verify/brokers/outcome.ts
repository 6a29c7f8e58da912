import { compareActivities } from "../events/compare-activities.ts";
import { compareLedger, compareRows, deedOf } from "../events/compare-ledger.ts";
import { compareOrder } from "../events/compare-order.ts";
import type { Evidence } from "../events/evidence.ts";
import type { Ledger } from "../events/ledger.ts";

/** What is in the stores, against what was committed. */
export interface Outcome {
  readonly committed: number;
  readonly activities: number;
  /** Committed events that are in no topic. */
  readonly missingInLog: number;
  /** Keys without a record. */
  readonly lost: number;
  /** Between clients, rows and activities; one line for each. */
  readonly differences: readonly string[];
}

/** Events that nobody records. */
const INTERNAL = new Set(["MEMBER_UPDATE", "MEMBER_WITHDRAW"]);

/** Compares once everything has settled. Tells nothing of order: what is sent again comes after what followed it. */
export async function outcomeOf(evidence: Evidence, ledger: Ledger): Promise<Outcome> {
  const committed = await evidence.committed();
  const deeds = committed.map(({ messageKey }) => deedOf(messageKey));
  const told = compareLedger(ledger, deeds);
  const activities = await evidence.activities();
  const recorded = committed.filter(({ type }) => !INTERNAL.has(type));
  const activityDifferences = compareActivities(recorded, activities);
  const { missing } = compareOrder(committed, await evidence.kafka.messages());
  const deadLetters = await evidence.deadLetters();
  return {
    committed: committed.length,
    activities: activities.length,
    missingInLog: missing,
    lost: activityDifferences.filter((line) => line.startsWith("lost: ")).length,
    differences: [
      ...ledger.failures.map((failure) => `refused: ${failure}`),
      ...told.lost.map((deed) => `acknowledged, not committed: ${deed}`),
      ...told.surplus.map((deed) => `committed, never asked for: ${deed}`),
      ...compareRows(deeds, await evidence.rows()),
      ...activityDifferences,
      ...(deadLetters > 0 ? [`${deadLetters} dead letters`] : []),
    ],
  };
}

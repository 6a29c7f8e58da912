import { startApplication } from "../../../application.ts";
import { loadConfigOrThrow } from "../../../config/index.ts";
import { leaseDatabase } from "../../../lib/sql/shared-database.ts";

/**
 * The product in a process of its own, which tells its address and, when asked, how its pool was used since it was
 * asked before.
 */
const LOOK_EVERY = 5;

/** At most, at the same time. */
export interface PoolPeaks {
  readonly inUse: number;
  /** Statements without a connection while all were in use. */
  readonly waiting: number;
  /** Statements without a connection while a new one was being opened. */
  readonly opening: number;
}

export interface ProductMessage {
  readonly url?: string;
  /** Null where there is no pool. */
  readonly pool?: PoolPeaks | null;
}

const config = loadConfigOrThrow();
const application = await startApplication(config);
const { database } = leaseDatabase(config.database);
const NONE: PoolPeaks = { inUse: 0, waiting: 0, opening: 0 };
let peaks = NONE;
setInterval(() => {
  const use = database.poolUse;
  if (!use) return;
  const { inUse, waiting, isFull } = use;
  peaks = {
    inUse: Math.max(peaks.inUse, inUse),
    waiting: Math.max(peaks.waiting, isFull ? waiting : 0),
    opening: Math.max(peaks.opening, isFull ? 0 : waiting),
  };
}, LOOK_EVERY);
process.on("message", () => {
  process.send?.({ pool: database.poolUse ? peaks : null } satisfies ProductMessage);
  peaks = NONE;
});
process.on("disconnect", () => process.exit());
process.send?.({ url: application.url } as ProductMessage);

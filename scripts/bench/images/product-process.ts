import { startApplication } from "../../../application.ts";
import { loadConfigOrThrow } from "../../../config/index.ts";
import { leaseDatabase } from "../../../lib/sql/shared-database.ts";

/**
 * The product in a process of its own, which tells its address and, when asked, how many statements have waited for a
 * connection at the same time, at most, since it was asked before; null where there is no pool.
 */
const LOOK_EVERY = 5;

export interface ProductMessage {
  readonly url?: string;
  readonly waiting?: number | null;
}

const config = loadConfigOrThrow();
const application = await startApplication(config);
const { database } = leaseDatabase(config.database);
let waiting: number | null = database.poolUse ? 0 : null;
setInterval(() => {
  if (waiting !== null) waiting = Math.max(waiting, database.poolUse?.waiting ?? 0);
}, LOOK_EVERY);
process.on("message", () => {
  process.send?.({ waiting } satisfies ProductMessage);
  waiting &&= 0;
});
process.on("disconnect", () => process.exit());
process.send?.({ url: application.url } as ProductMessage);

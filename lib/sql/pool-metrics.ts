import { onScrape, reading } from "../metrics/metrics.ts";
import type { Database } from "./database.ts";

/** Shows the use of a database's pool in the metrics. Answers the way to stop. */
export function showPoolUse(database: Database): () => void {
  return onScrape(async ({ sqlConnections, sqlWaiting }) => {
    const use = database.poolUse;
    if (!use) return [];
    return [
      reading(sqlConnections, use.inUse, { state: "in_use" }),
      reading(sqlConnections, use.idle, { state: "idle" }),
      reading(sqlWaiting, use.waiting),
    ];
  });
}

import type { DatabaseConfig } from "../../config/index.ts";
import { Database } from "./database.ts";
import { isUpToDate } from "./schema-version.ts";

interface Entry {
  readonly database: Database;
  readonly ready: () => Promise<void>;
  users: number;
}

const entries = new Map<string, Entry>();

/** A service's hold on the process's database of this configuration. */
export interface DatabaseLease {
  readonly database: Database;
  /** Resolves when the schema is up to date; the first caller of the process migrates. */
  readonly ready: () => Promise<void>;
  /** Closes the database when nobody else in the process uses it. */
  readonly release: () => Promise<void>;
}

/** All services of a process share one pool. */
export function leaseDatabase(config: DatabaseConfig): DatabaseLease {
  const key = JSON.stringify(config);
  const entry = entries.get(key) ?? open(config);
  entries.set(key, entry);
  entry.users++;
  return {
    database: entry.database,
    ready: entry.ready,
    release: async () => {
      if (--entry.users > 0) return;
      entries.delete(key);
      await entry.database.close();
    },
  };
}

function open(config: DatabaseConfig): Entry {
  const database = new Database(config);
  let migrated: Promise<void> | undefined;
  return {
    database,
    ready: () => {
      migrated ??= bringUpToDate(database, config);
      return migrated;
    },
    users: 0,
  };
}

async function bringUpToDate(database: Database, config: DatabaseConfig): Promise<void> {
  if (await isUpToDate(database)) return;
  // Only now: the migration runner costs 15 MB and most starts don't need it.
  const { migrateUp } = await import("./migrator.ts");
  await migrateUp(database, config);
}

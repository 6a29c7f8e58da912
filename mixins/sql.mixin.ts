import type { Service, ServiceSchema } from "moleculer";
import type { DatabaseConfig } from "../config/index.ts";
import type { HealthCheck } from "../lib/health/health-check.ts";
import type { Database } from "../lib/sql/database.ts";
import { type DatabaseLease, leaseDatabase } from "../lib/sql/shared-database.ts";

/** What a service with `SqlMixin` has. */
export interface SqlMembers {
  /** MySQL/MariaDB or SQLite; one pool for all services of a process. */
  database: Database;
  healthChecks: HealthCheck[];
}

type Self = Service & SqlMembers & { databaseLease: DatabaseLease };

/**
 * Gives a service `this.database`: from `created` on as an object, from `started` on with the schema up to date.
 * The start fails when the store can't be reached.
 */
export function SqlMixin(config: DatabaseConfig): Partial<ServiceSchema> {
  return {
    name: "",
    created(this: Self) {
      this.databaseLease = leaseDatabase(config);
      this.database = this.databaseLease.database;
      this.healthChecks = [
        ...(this.healthChecks ?? []),
        { name: "database", effect: "required", check: () => this.database.ping() },
      ];
    },
    async started(this: Self) {
      await this.databaseLease.ready();
    },
    async stopped(this: Self) {
      await this.databaseLease.release();
    },
  } as unknown as Partial<ServiceSchema>;
}

import { createRequire } from "node:module";
import type { Service, ServiceSchema } from "moleculer";
import type { Config } from "../config/index.ts";
import type { ActivityRepository } from "../lib/documents/activity-repository.ts";
import type { DeadLetterRepository } from "../lib/documents/dead-letter.ts";
import type { MongoAdapter } from "../lib/documents/mongo-adapter.ts";
import { SqlActivityRepository } from "../lib/documents/sql-activity.repository.ts";
import { SqlDeadLetterRepository } from "../lib/documents/sql-dead-letter.repository.ts";
import type { HealthCheck } from "../lib/health/health-check.ts";
import { type SqlMembers, SqlMixin } from "./sql.mixin.ts";

export interface DocumentsOptions extends Pick<Config, "documents" | "database"> {
  /** Whether the service can work without the documents; it then only shows as degraded. */
  readonly health: HealthCheck["effect"];
}

/** What a service with `DocumentsMixin` has. */
export interface DocumentsMembers {
  activities: ActivityRepository;
  deadLetters: DeadLetterRepository;
  healthChecks: HealthCheck[];
}

type MongoThis = Service & DocumentsMembers & { adapter: MongoAdapter };
type SqlThis = Service & DocumentsMembers & SqlMembers;

/**
 * Gives a service the documents, from `created` on: in MongoDB where `MONGO_URL` is set, else in SQL tables.
 * A MongoDB that is away doesn't hold up the start: calls fail until it is back, and the health check tells.
 */
export function DocumentsMixin({ documents, database, health }: DocumentsOptions): Partial<ServiceSchema> {
  if (documents.kind === "sql") {
    return {
      mixins: [SqlMixin(database)],
      created(this: SqlThis) {
        this.activities = new SqlActivityRepository(this.database);
        this.deadLetters = new SqlDeadLetterRepository(this.database);
      },
    } as unknown as Partial<ServiceSchema>;
  }
  // Loaded where it is used: the driver is the largest part of all that a start loads. And not awaited, since a mixin
  // can't be.
  const { mongoSchema, mongoRepositories }: typeof import("../lib/documents/mongo-documents.ts") =
    createRequire(import.meta.url)("../lib/documents/mongo-documents.ts");
  return {
    ...mongoSchema(documents),
    created(this: MongoThis) {
      Object.assign(this, mongoRepositories(this.adapter));
      this.healthChecks = [
        ...(this.healthChecks ?? []),
        { name: "mongo", effect: health, check: () => this.adapter.db.command({ ping: 1 }) },
      ];
    },
  } as unknown as Partial<ServiceSchema>;
}

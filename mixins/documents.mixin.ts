import type { Service, ServiceSchema } from "moleculer";
import DbService from "moleculer-db";
import type { Config } from "../config/index.ts";
import type { ActivityRepository } from "../lib/documents/activity-repository.ts";
import type { DeadLetterRepository } from "../lib/documents/dead-letter.ts";
import { MongoActivityRepository } from "../lib/documents/mongo-activity.repository.ts";
import { MongoAdapter } from "../lib/documents/mongo-adapter.ts";
import { MongoDeadLetterRepository } from "../lib/documents/mongo-dead-letter.repository.ts";
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

/** moleculer-db's own actions would let every caller of the mesh at the raw documents. */
const NO_ACTIONS = {
  find: false,
  count: false,
  list: false,
  create: false,
  insert: false,
  get: false,
  update: false,
  remove: false,
};

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
  return {
    mixins: [DbService],
    adapter: new MongoAdapter(documents.url, documents.database),
    collection: "member_activities",
    actions: NO_ACTIONS,
    created(this: MongoThis) {
      this.activities = new MongoActivityRepository(this.adapter);
      this.deadLetters = new MongoDeadLetterRepository(this.adapter);
      this.healthChecks = [
        ...(this.healthChecks ?? []),
        { name: "mongo", effect: health, check: () => this.adapter.db.command({ ping: 1 }) },
      ];
    },
  } as unknown as Partial<ServiceSchema>;
}

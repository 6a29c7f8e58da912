import type { Service, ServiceSchema } from "moleculer";
import type { Config } from "../config/index.ts";
import { RECENT_WRITE_GRACE, recentWriteKey } from "../contracts/recent-writes.ts";
import type { Database } from "../lib/sql/database.ts";
import { ReplicaLag } from "../lib/sql/replica-lag.ts";
import { type DatabaseLease, leaseDatabase } from "../lib/sql/shared-database.ts";
import { type RedisMembers, RedisMixin } from "./redis.mixin.ts";

/** What a service with `ReadReplicaMixin` has. */
export interface ReadReplicaMembers {
  /** The replica; undefined where none is configured. */
  replica: Database | undefined;
  /** May this reader be shown what the replica has? */
  mayReadReplica(readerId: number | undefined): Promise<boolean>;
  /** A statement failed there: nobody reads it until it is known to answer. */
  leaveReplica(): void;
}

type Self = Service &
  RedisMembers &
  ReadReplicaMembers & { replicaLeases: DatabaseLease[]; replicaLag: ReplicaLag; marksCompleteFrom: number };

/**
 * Gives a service a replica of the database to read from, where one is configured. Not from it read members who wrote
 * within `lagLimit` and 2 s more; everybody, while it is further behind than `lagLimit` or doesn't answer, and while
 * Redis, which knows who wrote, doesn't answer or may have missed writes.
 */
export function ReadReplicaMixin(config: Config): Partial<ServiceSchema> {
  const { readReplica } = config;
  if (!readReplica) return {};
  const { lagLimit } = readReplica;
  return {
    mixins: [RedisMixin(config.redis)],
    methods: {
      async mayReadReplica(this: Self, readerId: number | undefined) {
        if (!this.replicaLag.isWithinLimit || Date.now() < this.marksCompleteFrom) return false;
        if (readerId === undefined) return true;
        return this.keyValue.get(recentWriteKey(readerId)).then(
          (mark) => mark === null,
          () => false,
        );
      },
      leaveReplica(this: Self) {
        this.replicaLag.forget();
      },
    },
    created(this: Self) {
      const [primary, replica] = [leaseDatabase(config.database), leaseDatabase(readReplica.database)];
      this.replicaLeases = [primary, replica];
      this.replica = replica.database;
      this.replicaLag = new ReplicaLag(primary.database, replica.database, lagLimit);
      this.marksCompleteFrom = Number.POSITIVE_INFINITY;
      this.redis?.on("ready", () => {
        this.marksCompleteFrom = Date.now() + lagLimit + RECENT_WRITE_GRACE;
      });
      this.healthChecks = [
        ...(this.healthChecks ?? []),
        {
          name: "replica",
          effect: "degrading",
          check: async () => this.replicaLag.assertWithinLimitOrThrow(),
        },
      ];
    },
    async started(this: Self) {
      let wasRead = false;
      this.replicaLag.watch(() => {
        const { isWithinLimit, milliseconds } = this.replicaLag;
        if (isWithinLimit === wasRead) return;
        wasRead = isWithinLimit;
        if (isWithinLimit) this.logger.info("The replica is read");
        else
          this.logger.warn(
            { lag: milliseconds },
            "The replica is away or too far behind: the primary is read",
          );
      });
    },
    async stopped(this: Self) {
      this.replicaLag.stop();
      await Promise.all(this.replicaLeases.map((lease) => lease.release()));
    },
  } as unknown as Partial<ServiceSchema>;
}

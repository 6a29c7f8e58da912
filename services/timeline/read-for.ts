import { isDomainError } from "../../contracts/errors.ts";
import type { ReadReplicaMembers } from "../../mixins/read-replica.mixin.ts";
import { type TimelineRepositories, timelineRepositories } from "./repositories.ts";

export type ReadFor = <T>(
  readerId: number,
  work: (repositories: TimelineRepositories) => Promise<T>,
) => Promise<T>;

/** Reads on the replica of a service, if it has one and the reader may; what can't be read there, on the primary. */
export function readFor(service: ReadReplicaMembers, primary: TimelineRepositories): ReadFor {
  if (!service.replica) return async (_readerId, work) => work(primary);
  const replica = timelineRepositories(service.replica);
  return async (readerId, work) => {
    if (!(await service.mayReadReplica(readerId))) return work(primary);
    try {
      return await work(replica);
    } catch (error) {
      if (!isDomainError(error, "SERVICE_UNAVAILABLE")) throw error;
      service.leaveReplica();
      return work(primary);
    }
  };
}

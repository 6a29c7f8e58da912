import type { Service } from "moleculer";
import { actionsOf } from "../../contracts/action.ts";
import type { OutboxMembers } from "../../mixins/outbox.mixin.ts";
import type { ReadReplicaMembers } from "../../mixins/read-replica.mixin.ts";
import type { SqlMembers } from "../../mixins/sql.mixin.ts";
import type { HandOverBuffer } from "./hand-over-buffer.ts";
import type { ReadFor } from "./read-for.ts";
import type { ReadEvent, View } from "./reads.ts";
import type { TimelineRepositories } from "./repositories.ts";

export type TimelineThis = Service &
  SqlMembers &
  OutboxMembers &
  ReadReplicaMembers & {
    /** What everybody has written. */
    primary: TimelineRepositories;
    /** Reads for a member: from the replica where that shows the member's own writes, else from the primary. */
    read: ReadFor;
    views: HandOverBuffer<View>;
    readEvents: HandOverBuffer<ReadEvent>;
  };

export const timelineAction = actionsOf<TimelineThis>();

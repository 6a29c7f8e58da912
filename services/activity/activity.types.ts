import type { Service } from "moleculer";
import { actionsOf } from "../../contracts/action.ts";
import type { DocumentsMembers } from "../../mixins/documents.mixin.ts";
import type { KafkaConsumerMembers } from "../../mixins/kafka-consumer.mixin.ts";
import type { RedisMembers } from "../../mixins/redis.mixin.ts";
import type { ActivityRecorder } from "./activity-recorder.ts";
import type { EventApplier } from "./event-applier.ts";

export type ActivityThis = Service &
  DocumentsMembers &
  RedisMembers &
  KafkaConsumerMembers & {
    /** Of the topics' names. */
    namespace: string;
    applier: EventApplier;
    recorder: ActivityRecorder;
  };

export const activityAction = actionsOf<ActivityThis>();

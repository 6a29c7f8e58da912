import type { ServiceSchema } from "moleculer";
import type { Config } from "../../config/index.ts";
import { SeenEvents } from "../../lib/event-log/seen-events.ts";
import { DocumentsMixin } from "../../mixins/documents.mixin.ts";
import { KafkaConsumerMixin } from "../../mixins/kafka-consumer.mixin.ts";
import { RedisMixin } from "../../mixins/redis.mixin.ts";
import { applyAgain } from "./actions/apply-again.ts";
import { applyEvents } from "./actions/apply-events.ts";
import { correctActivity } from "./actions/correct-activity.ts";
import { dropActivity } from "./actions/drop-activity.ts";
import { listFollowingsActivities } from "./actions/list-followings-activities.ts";
import { listOwnActivities } from "./actions/list-own-activities.ts";
import { recordCommentActivity, recordCommentLikeActivity } from "./actions/record-comment-activity.ts";
import { recordPostActivity, recordPostLikeActivity } from "./actions/record-post-activity.ts";
import { replayTopic } from "./actions/replay-topic.ts";
import type { ActivityThis } from "./activity.types.ts";
import { consumes } from "./activity-consumption.ts";
import { ActivityRecorder } from "./activity-recorder.ts";
import { EventApplier } from "./event-applier.ts";

/**
 * What members did. Owns the documents `member_activities`, which it makes of everybody's events, and the dead letters
 * of its own consumption; whom a member follows, and what still exists, it asks member and content.
 */
export default function activityService(config: Config): ServiceSchema {
  return {
    name: "activity",
    mixins: [
      DocumentsMixin({ ...config, health: "required" }),
      RedisMixin(config.redis),
      KafkaConsumerMixin(config),
    ],
    consumes,
    actions: {
      recordPostActivity,
      recordPostLikeActivity,
      recordCommentActivity,
      recordCommentLikeActivity,
      correctActivity,
      dropActivity,
      listOwnActivities,
      listFollowingsActivities,

      applyEvents,
      applyAgain,
      replayTopic,
    },
    created(this: ActivityThis) {
      this.namespace = config.events.namespace;
      this.recorder = new ActivityRecorder(this.activities, config.events);
      this.applier = new EventApplier({
        activities: this.activities,
        deadLetters: this.deadLetters,
        seen: new SeenEvents(this.keyValue, config.events.dedupTtl),
        logger: this.logger,
      });
    },
  } as unknown as ServiceSchema;
}

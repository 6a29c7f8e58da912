import type { Consumption } from "../../mixins/kafka-consumer.mixin.ts";
import type { ActivityThis } from "./activity.types.ts";
import { ACTIVITY_GROUP } from "./event-applier.ts";

/** Everybody's events, all types: those that nobody records are told apart when they are read. */
export const consumes: Consumption<ActivityThis> = {
  group: ACTIVITY_GROUP,
  families: ["member-activity"],
  async handle(batch) {
    await this.applier.apply(batch);
  },
};

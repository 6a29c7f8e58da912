import { type EventMessage, readEvent } from "../../lib/event-log/event-reading.ts";
import type { Consumption } from "../../mixins/kafka-consumer.mixin.ts";
import type { ImageThis } from "./image.types.ts";

/** Members who have withdrawn leave no images behind. */
export const consumes: Consumption<ImageThis> = {
  group: "image",
  families: ["member-activity"],
  types: ["MEMBER_WITHDRAW"],
  async handle(batch) {
    for (const memberId of withdrawnIn(batch)) await this.store.deleteAllOf(memberId);
  },
};

/** What can't be read says nothing of a withdrawal, and is parked by who records activities. */
export function withdrawnIn(messages: readonly EventMessage[]): Set<number> {
  const members = new Set<number>();
  for (const message of messages) {
    const reading = readEvent(message);
    if (reading.kind !== "event") continue;
    const { memberActivityType: type, memberId } = reading.event;
    if (type === "MEMBER_WITHDRAW") members.add(memberId);
  }
  return members;
}

import { Type } from "@sinclair/typebox";
import { familyOrThrow, topicOf } from "../../../config/topics.ts";
import { Count, StringEnum } from "../../../contracts/dto/scalars.ts";
import { EVENT_TYPES } from "../../../contracts/events.ts";
import { activityAction } from "../activity.types.ts";

/** Milliseconds: a day may have many events. */
const TIMEOUT = 10 * 60_000;

export const replayTopic = activityAction({
  summary: "Read one dated topic again and put the records right that were made of it",
  params: Type.Object({
    family: Type.Optional(Type.String({ default: "member-activity" })),
    date: Type.String({ pattern: "^\\d{8}$", description: "yyyyMMdd" }),
    type: Type.Optional(StringEnum(EVENT_TYPES)),
    dryRun: Type.Optional(Type.Boolean({ default: false })),
  }),
  returns: Type.Object({ read: Count, created: Count, rewritten: Count, unchanged: Count, kept: Count }),
  timeout: TIMEOUT,
  async handler(ctx) {
    const { family = "member-activity", date, type, dryRun = false } = ctx.params;
    const total = { read: 0, created: 0, rewritten: 0, unchanged: 0, kept: 0 };
    for await (const messages of this.readTopic(topicOf(familyOrThrow(family).name, date, this.namespace))) {
      const wanted = messages.filter(({ headers }) => type === undefined || headers["event-type"] === type);
      const report = await this.applier.rewrite(wanted, { dryRun });
      total.read += wanted.length;
      total.created += report.created;
      total.rewritten += report.rewritten;
      total.unchanged += report.unchanged;
      total.kept += report.kept;
    }
    return total;
  },
});

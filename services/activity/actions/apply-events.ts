import { Type } from "@sinclair/typebox";
import { Count, Nullable } from "../../../contracts/dto/scalars.ts";
import { MAX_BATCH } from "../../../lib/documents/activity-repository.ts";
import { activityAction } from "../activity.types.ts";

/** For whoever has events and no event log between: the same as when they come from it. */
export const applyEvents = activityAction({
  params: Type.Object({
    messages: Type.Array(
      Type.Object({
        key: Nullable(Type.String()),
        value: Type.String(),
        topic: Type.Optional(Type.String()),
        partition: Type.Optional(Type.Integer()),
        offset: Type.Optional(Type.String()),
      }),
      { maxItems: MAX_BATCH },
    ),
  }),
  returns: Type.Object({ recorded: Count, repeated: Count, ignored: Count, parked: Count }),
  async handler(ctx) {
    return { ...(await this.applier.apply(ctx.params.messages)) };
  },
});

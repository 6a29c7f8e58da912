import { Type } from "@sinclair/typebox";
import { Done, Nullable } from "../../../contracts/dto/scalars.ts";
import { activityAction } from "../activity.types.ts";

/** For dead letters: applies one message that was given up before. Fails with what is still wrong with it. */
export const applyAgain = activityAction({
  params: Type.Object({
    key: Nullable(Type.String()),
    value: Type.String(),
    topic: Type.Optional(Nullable(Type.String())),
    partition: Type.Optional(Nullable(Type.Integer())),
  }),
  returns: Done,
  async handler(ctx) {
    const { key, value } = ctx.params;
    await this.applier.applyAgain({ key, value });
    return true as const;
  },
});

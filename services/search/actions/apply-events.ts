import { Type } from "@sinclair/typebox";
import { Count, Nullable } from "../../../contracts/dto/scalars.ts";
import { searchAction } from "../search.types.ts";

/** Messages of one call. */
const MAX_MESSAGES = 1_000;

/** For whoever has events and no event log between. What can't be indexed now goes to the dead letters. */
export const applyEvents = searchAction({
  params: Type.Object({
    messages: Type.Array(
      Type.Object({
        key: Nullable(Type.String()),
        value: Type.String(),
        topic: Type.Optional(Type.String()),
        partition: Type.Optional(Type.Integer()),
        offset: Type.Optional(Type.String()),
      }),
      { maxItems: MAX_MESSAGES },
    ),
  }),
  returns: Type.Object({ indexed: Count, parked: Count }),
  async handler(ctx) {
    return { ...(await this.events.applyOrPark(ctx.params.messages)) };
  },
});

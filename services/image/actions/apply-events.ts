import { Type } from "@sinclair/typebox";
import { Done, Nullable } from "../../../contracts/dto/scalars.ts";
import { imageAction } from "../image.types.ts";
import { withdrawnIn } from "../image-consumption.ts";

/** Messages of one call. */
const MAX_MESSAGES = 1_000;

/** For whoever has events and no event log between. */
export const applyEvents = imageAction({
  params: Type.Object({
    messages: Type.Array(Type.Object({ key: Nullable(Type.String()), value: Type.String() }), {
      maxItems: MAX_MESSAGES,
    }),
  }),
  returns: Done,
  async handler(ctx) {
    for (const memberId of withdrawnIn(ctx.params.messages)) await this.store.deleteAllOf(memberId);
    return true as const;
  },
});

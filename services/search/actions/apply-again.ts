import { Type } from "@sinclair/typebox";
import { Done, Nullable } from "../../../contracts/dto/scalars.ts";
import { searchAction } from "../search.types.ts";

/** For dead letters: applies one message that was given up before. Fails with what is still wrong with it. */
export const applyAgain = searchAction({
  params: Type.Object({ key: Nullable(Type.String()), value: Type.String() }),
  returns: Done,
  async handler(ctx) {
    await this.events.applyAgain(ctx.params);
    return true as const;
  },
});

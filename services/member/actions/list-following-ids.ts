import { Type } from "@sinclair/typebox";
import { Id } from "../../../contracts/dto/scalars.ts";
import { memberAction } from "../member.types.ts";

/** For services that show what followed members do. */
export const listFollowingIds = memberAction({
  params: Type.Object({ memberId: Id }),
  returns: Type.Array(Id),
  idempotent: true,
  handler(ctx) {
    return this.follows.listFollowingIds(ctx.params.memberId);
  },
});

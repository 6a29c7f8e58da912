import { Type } from "@sinclair/typebox";
import { Id } from "../../../contracts/dto/scalars.ts";
import { MAX_SEARCHABLE_IDS, SearchableMemberDto } from "../../../contracts/dto/search.ts";
import { memberAction } from "../member.types.ts";

/** For search: the names of those of the members that exist. */
export const searchableMembers = memberAction({
  params: Type.Object({ ids: Type.Array(Id, { maxItems: MAX_SEARCHABLE_IDS }) }),
  returns: Type.Array(SearchableMemberDto),
  idempotent: true,
  handler(ctx) {
    return this.members.listSearchable(ctx.params.ids);
  },
});

/** For search: a piece of a walk over all members. */
export const livingIds = memberAction({
  params: Type.Object({
    afterId: Type.Integer({ minimum: 0 }),
    limit: Type.Integer({ minimum: 1, maximum: MAX_SEARCHABLE_IDS }),
  }),
  returns: Type.Array(Id),
  idempotent: true,
  handler(ctx) {
    const { afterId, limit } = ctx.params;
    return this.members.listIdsAfter(afterId, limit);
  },
});

import { Type } from "@sinclair/typebox";
import { Id, StringEnum } from "../../../contracts/dto/scalars.ts";
import {
  MAX_SEARCHABLE_IDS,
  SearchableCommentDto,
  SearchablePostDto,
} from "../../../contracts/dto/search.ts";
import { contentAction } from "../content.types.ts";

const IDS = Type.Object({ ids: Type.Array(Id, { maxItems: MAX_SEARCHABLE_IDS }) });

/** For search: the texts of those of the posts that exist. */
export const searchablePosts = contentAction({
  params: IDS,
  returns: Type.Array(SearchablePostDto),
  idempotent: true,
  handler(ctx) {
    return this.searchables.listPosts(ctx.params.ids);
  },
});

/** For search: the texts of those of the comments that exist. */
export const searchableComments = contentAction({
  params: IDS,
  returns: Type.Array(SearchableCommentDto),
  idempotent: true,
  handler(ctx) {
    return this.searchables.listComments(ctx.params.ids);
  },
});

/** For search: a piece of a walk over everything that exists. */
export const livingIds = contentAction({
  params: Type.Object({
    kind: StringEnum(["posts", "comments"]),
    afterId: Type.Integer({ minimum: 0 }),
    limit: Type.Integer({ minimum: 1, maximum: MAX_SEARCHABLE_IDS }),
  }),
  returns: Type.Array(Id),
  idempotent: true,
  handler(ctx) {
    const { kind, afterId, limit } = ctx.params;
    return kind === "posts"
      ? this.searchables.listPostIds(afterId, limit)
      : this.searchables.listCommentIds(afterId, limit);
  },
});

import { type Static, Type } from "@sinclair/typebox";
import { CommentDto, PostDto } from "./post.ts";
import { Id, StringEnum } from "./scalars.ts";

export const HighlightDto = Type.Object(
  {
    field: StringEnum(["title", "content"]),
    snippet: Type.String({ description: "HTML: what matches in `<mark>`, everything else escaped" }),
  },
  { title: "Highlight" },
);
export type HighlightDto = Static<typeof HighlightDto>;

const HIGHLIGHTS = Type.Object({ highlights: Type.Array(HighlightDto) });

export const FoundPostDto = Type.Composite([PostDto, HIGHLIGHTS], { title: "FoundPost" });
export type FoundPostDto = Static<typeof FoundPostDto>;

export const FoundCommentDto = Type.Composite([CommentDto, HIGHLIGHTS], { title: "FoundComment" });
export type FoundCommentDto = Static<typeof FoundCommentDto>;

/** What owners tell of a post that exists, for search. */
export const SearchablePostDto = Type.Object({
  id: Id,
  title: Type.String({ description: "Empty where there is none" }),
  content: Type.String(),
});
export type SearchablePostDto = Static<typeof SearchablePostDto>;

export const SearchableCommentDto = Type.Object({
  id: Id,
  postId: Id,
  ancestorIds: Type.Array(Id, { description: "Topmost first" }),
  content: Type.String(),
});
export type SearchableCommentDto = Static<typeof SearchableCommentDto>;

export const SearchableMemberDto = Type.Object({
  id: Id,
  handle: Type.String(),
  displayName: Type.String(),
});
export type SearchableMemberDto = Static<typeof SearchableMemberDto>;

/** Most ids in one question of search to an owner. */
export const MAX_SEARCHABLE_IDS = 1_000;

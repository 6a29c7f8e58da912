import type { CommentDto, PostDto } from "../../contracts/dto/post.ts";
import type { FoundCommentDto, FoundPostDto, HighlightDto } from "../../contracts/dto/search.ts";
import type { Highlighter } from "./search.types.ts";

export function toFoundPost(post: PostDto, snippetsOf: Highlighter): FoundPostDto {
  const { title, content } = post;
  return { ...post, highlights: highlightsOf({ title, content }, snippetsOf) };
}

export function toFoundComment(comment: CommentDto, snippetsOf: Highlighter): FoundCommentDto {
  const { content } = comment;
  return { ...comment, highlights: highlightsOf({ content }, snippetsOf) };
}

/** Where the keyword stands in the text as it is now; nothing where only a wrong letter was found. */
function highlightsOf(
  fields: Partial<Record<HighlightDto["field"], string | null>>,
  snippetsOf: Highlighter,
): HighlightDto[] {
  return (Object.keys(fields) as HighlightDto["field"][]).flatMap((field) =>
    snippetsOf(fields[field] ?? "").map((snippet) => ({ field, snippet })),
  );
}

import { NO_IMAGE } from "../../contracts/dto/member.ts";
import { type CommentDto, type PostDto, WITHDRAWN_AUTHOR_NAME } from "../../contracts/dto/post.ts";

/** What a profile says about the author of a text; the handle is null once the member has withdrawn. */
export interface AuthorRow {
  readonly handle: string | null;
  readonly displayName: string | null;
  readonly avatarUrl: string | null;
}

interface TextRow {
  readonly id: number;
  readonly authorId: number;
  readonly content: string;
  readonly likeCount: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface PostRow extends TextRow {
  readonly title: string | null;
  readonly viewCount: number;
  readonly commentCount: number;
}

export interface CommentRow extends TextRow {
  readonly postId: number;
  readonly parentId: number | null;
  readonly depth: number;
  readonly replyCount: number;
}

export function toPost(row: PostRow, author: AuthorRow, liked: boolean): PostDto {
  return {
    id: row.id,
    title: row.title,
    content: row.content,
    ...authorOf(row.authorId, author),
    viewCount: row.viewCount,
    likeCount: row.likeCount,
    commentCount: row.commentCount,
    liked,
    ...timesOf(row),
  };
}

export function toComment(row: CommentRow, author: AuthorRow, liked: boolean): CommentDto {
  return {
    id: row.id,
    postId: row.postId,
    parentId: row.parentId,
    depth: row.depth,
    content: row.content,
    ...authorOf(row.authorId, author),
    likeCount: row.likeCount,
    replyCount: row.replyCount,
    liked,
    ...timesOf(row),
  };
}

function authorOf(authorId: number, { handle, displayName, avatarUrl }: AuthorRow) {
  if (handle === null) {
    return { authorId, authorName: WITHDRAWN_AUTHOR_NAME, authorHandle: null, authorAvatarUrl: null };
  }
  return {
    authorId,
    authorName: displayName ?? handle,
    authorHandle: handle,
    authorAvatarUrl: avatarUrl ?? NO_IMAGE,
  };
}

function timesOf({ createdAt, updatedAt }: TextRow) {
  return { createdAt: new Date(createdAt).toISOString(), updatedAt: new Date(updatedAt).toISOString() };
}

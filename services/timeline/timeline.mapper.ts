import { NO_IMAGE } from "../../contracts/dto/member.ts";
import { type CommentDto, type PostDto, WITHDRAWN_AUTHOR_NAME } from "../../contracts/dto/post.ts";

interface TextRow {
  readonly id: number;
  readonly authorId: number;
  readonly content: string;
  readonly likeCount: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Null once the author has withdrawn. */
  readonly handle: string | null;
  readonly displayName: string | null;
  readonly avatarUrl: string | null;
  /** Does the reader like it? */
  readonly liked: 0 | 1;
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

export function toPost(row: PostRow): PostDto {
  return {
    id: row.id,
    title: row.title,
    content: row.content,
    ...authorOf(row),
    viewCount: row.viewCount,
    likeCount: row.likeCount,
    commentCount: row.commentCount,
    ...likedAndTimesOf(row),
  };
}

export function toComment(row: CommentRow): CommentDto {
  return {
    id: row.id,
    postId: row.postId,
    parentId: row.parentId,
    depth: row.depth,
    content: row.content,
    ...authorOf(row),
    likeCount: row.likeCount,
    replyCount: row.replyCount,
    ...likedAndTimesOf(row),
  };
}

function authorOf({ authorId, handle, displayName, avatarUrl }: TextRow) {
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

function likedAndTimesOf({ liked, createdAt, updatedAt }: TextRow) {
  return {
    liked: liked === 1,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

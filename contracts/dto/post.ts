import { type Static, Type } from "@sinclair/typebox";
import { Count, Id, Nullable, Timestamp } from "./scalars.ts";

/** What a list or detail shows of the author of a text; a withdrawn author keeps only the id. */
export const AUTHOR_PROPERTIES = {
  authorId: Id,
  authorName: Type.String({ description: "Display name" }),
  authorHandle: Nullable(Type.String()),
  authorAvatarUrl: Nullable(Type.String()),
};

export const PostDto = Type.Object(
  {
    id: Id,
    title: Nullable(Type.String()),
    content: Type.String(),
    ...AUTHOR_PROPERTIES,
    viewCount: Count,
    likeCount: Count,
    commentCount: Count,
    liked: Type.Boolean({ description: "Whether the caller likes it" }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { title: "Post" },
);
export type PostDto = Static<typeof PostDto>;

export const CommentDto = Type.Object(
  {
    id: Id,
    postId: Id,
    parentId: Nullable(Id),
    depth: Type.Integer({ minimum: 0, maximum: 2 }),
    content: Type.String(),
    ...AUTHOR_PROPERTIES,
    likeCount: Count,
    replyCount: Count,
    liked: Type.Boolean({ description: "Whether the caller likes it" }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { title: "Comment" },
);
export type CommentDto = Static<typeof CommentDto>;

/** Name shown in place of an author who has withdrawn. */
export const WITHDRAWN_AUTHOR_NAME = "탈퇴한 사용자";

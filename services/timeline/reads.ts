import type { NewEvent } from "../../lib/outbox/outbox-writer.ts";

/** A reader has seen a post. Times in epoch ms. */
export interface View {
  readonly postId: number;
  readonly memberId: number;
  readonly viewedAt: number;
}

export function viewKey({ postId, memberId }: View): string {
  return `${postId}:${memberId}`;
}

/** Somebody has opened a post or a comment. */
export type ReadEvent = NewEvent & { readonly type: "POST_READ" | "COMMENT_READ" };

/** Opening the same thing again within a second is one read. */
export function readEventKey({ type, postId, commentId, memberId }: ReadEvent): string {
  return `${type}:${commentId ?? postId}:${memberId}`;
}

import type { Context } from "moleculer";
import { callAction } from "../../contracts/actions.ts";
import { domainError } from "../../contracts/errors.ts";
import type { RequestMeta } from "../../contracts/meta.ts";

/** @throws POST_NOT_FOUND */
export async function assertPostExistsOrThrow(
  ctx: Context<unknown, RequestMeta>,
  postId: number,
): Promise<void> {
  const { postIds } = await callAction(ctx, "content.findExisting", { postIds: [postId], commentIds: [] });
  if (postIds.length === 0) throw domainError("POST_NOT_FOUND");
}

/** @throws POST_NOT_FOUND, COMMENT_NOT_FOUND where there is no such comment under that post */
export async function assertCommentExistsOrThrow(
  ctx: Context<unknown, RequestMeta>,
  postId: number,
  commentId: number,
): Promise<void> {
  const ids = { postIds: [postId], commentIds: [commentId] };
  const { postIds, comments } = await callAction(ctx, "content.findExisting", ids);
  if (postIds.length === 0) throw domainError("POST_NOT_FOUND");
  if (comments[0]?.postId !== postId) throw domainError("COMMENT_NOT_FOUND");
}

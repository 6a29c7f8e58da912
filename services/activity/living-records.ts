import type { Context } from "moleculer";
import { callAction } from "../../contracts/actions.ts";
import type { RequestMeta } from "../../contracts/meta.ts";
import type { ActivityRecord } from "../../lib/documents/activity-record.ts";

/** Those of the records whose post and comment still exist: one call, whatever their number. */
export async function livingRecords(
  ctx: Context<unknown, RequestMeta>,
  records: readonly ActivityRecord[],
): Promise<ActivityRecord[]> {
  const postIds = distinct(records.map(({ postId }) => postId));
  const commentIds = distinct(records.map(({ commentId }) => commentId));
  const existing = await callAction(ctx, "content.findExisting", { postIds, commentIds });
  const posts = new Set(existing.postIds);
  const comments = new Set(existing.comments.map(({ id }) => id));
  return records.filter(
    ({ postId, commentId }) =>
      (postId === null || posts.has(postId)) && (commentId === null || comments.has(commentId)),
  );
}

function distinct(ids: readonly (number | null)[]): number[] {
  return [...new Set(ids)].filter((id) => id !== null);
}

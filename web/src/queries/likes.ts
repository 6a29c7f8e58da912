import { useMutation, useQueryClient } from "@tanstack/react-query";
import { hasCode } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { say } from "../components/toast/toasts.ts";
import { currentMessages } from "../i18n/language.ts";
import { problemText } from "../lib/problem.ts";
import { patchComment, patchPost } from "./patch.ts";
import type { Comment, Post } from "./types.ts";

/** Already as wished, by another tab or an answer that was lost. */
const AS_WISHED = [
  "POST_LIKE_ALREADY_EXISTS",
  "POST_LIKE_CANCEL_ALREADY_COMMITTED",
  "COMMENT_LIKE_ALREADY_EXISTS",
  "COMMENT_LIKE_NOT_EXISTS",
];

type Liked = Pick<Post, "liked" | "likeCount">;

function withLike<T extends Liked>(row: T, liked: boolean): T {
  if (row.liked === liked) return row;
  return { ...row, liked, likeCount: Math.max(0, row.likeCount + (liked ? 1 : -1)) };
}

/** The heart turns at once, and back where the server refuses. */
function useLike<T extends Liked & { readonly id: number }>(
  send: (row: T, liked: boolean) => Promise<unknown>,
  apply: (id: number, liked: boolean) => void,
) {
  return useMutation({
    mutationFn: async (row: T) => {
      await send(row, !row.liked).catch((error: unknown) => {
        if (!AS_WISHED.some((code) => hasCode(error, code))) throw error;
      });
    },
    onMutate: (row) => apply(row.id, !row.liked),
    // Once more: a list that was on its way meanwhile doesn't know of it.
    onSuccess: (_, row) => apply(row.id, !row.liked),
    onError: (error, row) => {
      apply(row.id, row.liked);
      say(problemText(error, currentMessages()), { tone: "bad" });
    },
  });
}

export function useLikePost() {
  const client = useQueryClient();
  return useLike<Post>(
    ({ id }, liked) => call(liked ? "POST /posts/{id}/like" : "DELETE /posts/{id}/like", { path: { id } }),
    (id, liked) => patchPost(client, id, (row) => withLike(row, liked)),
  );
}

export function useLikeComment() {
  const client = useQueryClient();
  return useLike<Comment>(
    ({ id }, liked) =>
      call(liked ? "POST /comments/{id}/like" : "DELETE /comments/{id}/like", { path: { id } }),
    (id, liked) => patchComment(client, id, (row) => withLike(row, liked)),
  );
}

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

interface Liking {
  readonly kind: "post" | "comment";
  readonly id: number;
  send(liked: boolean): Promise<unknown>;
  /** Shows it. */
  apply(liked: boolean): void;
}

/** The heart turns at once, and back where the server refuses. Who turns it again doesn't overtake the call before. */
function useLike<T extends Liked>({ kind, id, send, apply }: Liking) {
  const client = useQueryClient();
  const mutationKey = ["like", kind, id];
  // What a later turn shows stands: its own answer is still to come.
  const isLast = () => client.isMutating({ mutationKey }) === 1;
  return useMutation({
    mutationKey,
    scope: { id: mutationKey.join(" ") },
    mutationFn: async ({ liked }: T) => {
      await send(!liked).catch((error: unknown) => {
        if (!AS_WISHED.some((code) => hasCode(error, code))) throw error;
      });
    },
    onMutate: ({ liked }) => apply(!liked),
    // Once more: a list that was on its way meanwhile doesn't know of it.
    onSuccess: (_, { liked }) => {
      if (isLast()) apply(!liked);
    },
    onError: (error, { liked }) => {
      if (isLast()) apply(liked);
      say(problemText(error, currentMessages()), { tone: "bad" });
    },
  });
}

export function useLikePost(id: number) {
  const client = useQueryClient();
  return useLike<Post>({
    kind: "post",
    id,
    send: (liked) => call(liked ? "POST /posts/{id}/like" : "DELETE /posts/{id}/like", { path: { id } }),
    apply: (liked) => patchPost(client, id, (row) => withLike(row, liked)),
  });
}

export function useLikeComment(id: number) {
  const client = useQueryClient();
  return useLike<Comment>({
    kind: "comment",
    id,
    send: (liked) =>
      call(liked ? "POST /comments/{id}/like" : "DELETE /comments/{id}/like", { path: { id } }),
    apply: (liked) => patchComment(client, id, (row) => withLike(row, liked)),
  });
}

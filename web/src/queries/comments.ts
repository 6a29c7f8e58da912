import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/call.ts";
import { createOnce } from "./create-once.ts";
import { useEndless } from "./endless.ts";
import { addToList, patchComment, patchPost } from "./patch.ts";
import type { Comment } from "./types.ts";

const commentsKey = (postId: number) => ["comments", "post", postId] as const;
const repliesKey = (commentId: number) => ["comments", "replies", commentId] as const;

/** Top level, oldest first. */
export function useComments(postId: number) {
  return useEndless<Comment>(commentsKey(postId), (cursor, signal) =>
    call("GET /timeline/posts/{id}/comments", { path: { id: postId }, query: { size: 50, cursor }, signal }),
  );
}

export function useReplies(commentId: number, enabled: boolean) {
  return useEndless<Comment>(
    repliesKey(commentId),
    (cursor, signal) =>
      call("GET /timeline/comments/{id}/replies", {
        path: { id: commentId },
        query: { size: 20, cursor },
        signal,
      }),
    { enabled },
  );
}

/** Writes a comment, or a reply to one. */
export function useCreateComment(postId: number, parent?: Comment) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (content: string) =>
      createOnce<Comment>(`comment ${postId} ${parent?.id ?? 0} ${content}`, {
        send: () =>
          parent
            ? call("POST /comments/replies", { body: { content, postId, parentId: parent.id } })
            : call("POST /comments", { body: { content, postId } }),
        recent: async () => (await call("GET /timeline/comments", { query: { size: 5 } })).content,
        isIt: (row) =>
          row.content === content && row.postId === postId && row.parentId === (parent?.id ?? null),
      }),
    onSuccess: (comment) => {
      addToList(client, parent ? repliesKey(parent.id) : commentsKey(postId), comment, "last");
      if (parent) patchComment(client, parent.id, (row) => ({ ...row, replyCount: row.replyCount + 1 }));
      patchPost(client, postId, (row) => ({ ...row, commentCount: row.commentCount + 1 }));
    },
  });
}

export function useUpdateComment(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (content: string) => call("PUT /comments/{id}", { path: { id }, body: { content } }),
    onSuccess: (comment) => patchComment(client, id, () => comment),
  });
}

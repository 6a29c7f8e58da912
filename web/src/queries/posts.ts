import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/call.ts";
import { createOnce } from "./create-once.ts";
import { addToList, patchPost } from "./patch.ts";
import type { Post } from "./types.ts";

export interface PostText {
  /** Null where there is none. */
  readonly title: string | null;
  readonly content: string;
}

export function usePost(id: number) {
  return useQuery({
    queryKey: ["post", id],
    queryFn: ({ signal }) => call("GET /timeline/posts/{id}", { path: { id }, signal }),
  });
}

const isSameText = (a: PostText, b: PostText) =>
  a.content === b.content && (a.title ?? "") === (b.title ?? "");

/** Publishes a post; it stands first in the lists where it belongs. */
export function useCreatePost() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (text: PostText) =>
      createOnce<Post>(`post ${JSON.stringify([text.title, text.content])}`, {
        send: () => call("POST /posts", { body: text }),
        recent: async () => (await call("GET /timeline/posts", { query: { size: 5 } })).content,
        isIt: (row) => isSameText(row, text),
      }),
    onSuccess: (post) => {
      for (const list of ["recent", "mine"]) addToList(client, ["posts", list], post, "first");
      addToList(client, ["posts", "author", post.authorId], post, "first");
    },
  });
}

export function useUpdatePost(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: PostText) => call("PUT /posts/{id}", { path: { id }, body }),
    onSuccess: (post) => patchPost(client, id, () => post),
  });
}

import type { QueryClient } from "@tanstack/react-query";
import type { Endless } from "./endless.ts";
import type { Comment, MemberSummary, Post } from "./types.ts";

type Row = { readonly id: number };
type Change<T> = (row: T) => T;

/** Rewrites a row wherever the cache holds it: lists under `lists`, and the single one under `single`. */
function patch<T extends Row>(
  client: QueryClient,
  id: number,
  change: Change<T>,
  lists: string,
  single?: string,
): void {
  const changed = (row: T) => (row.id === id ? change(row) : row);
  client.setQueriesData<Endless<T>>({ queryKey: [lists] }, (data) =>
    data?.pages
      ? { ...data, pages: data.pages.map((page) => ({ ...page, content: page.content.map(changed) })) }
      : data,
  );
  if (single) client.setQueryData<T>([single, id], (row) => row && change(row));
}

export function patchPost(client: QueryClient, id: number, change: Change<Post>): void {
  patch(client, id, change, "posts", "post");
  patch(client, id, change, "found-posts");
}

export function patchComment(client: QueryClient, id: number, change: Change<Comment>): void {
  patch(client, id, change, "comments");
  patch(client, id, change, "found-comments");
}

export function patchMember(client: QueryClient, id: number, change: Change<MemberSummary>): void {
  patch(client, id, change, "members");
  for (const key of ["profile", "me"]) {
    client.setQueriesData<MemberSummary>({ queryKey: [key] }, (row) => (row?.id === id ? change(row) : row));
  }
}

/** Puts a new row in front of, or behind, what a list already shows. */
export function addToList<T>(
  client: QueryClient,
  key: readonly unknown[],
  row: T,
  where: "first" | "last",
): void {
  client.setQueryData<Endless<T>>(key, (data) => {
    if (!data) return data;
    const at = where === "first" ? 0 : data.pages.length - 1;
    const pages = data.pages.map((page, index) => {
      if (index !== at) return page;
      return { ...page, content: where === "first" ? [row, ...page.content] : [...page.content, row] };
    });
    return { ...data, pages };
  });
}

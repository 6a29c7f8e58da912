import { type InfiniteData, infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ListPage } from "./types.ts";

type Load<T> = (cursor: string | undefined, signal: AbortSignal) => Promise<ListPage<T>>;
export type Endless<T> = InfiniteData<ListPage<T>, string | undefined>;

export function endlessOptions<T>(key: readonly unknown[], load: Load<T>) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.hasNext ? (page.nextCursor ?? undefined) : undefined),
  });
}

/** A list that goes on by cursor; `items` holds no row twice, wherever pages overlap. */
export function useEndless<T extends { readonly id: number | string }>(
  key: readonly unknown[],
  load: Load<T>,
  options: { readonly enabled?: boolean } = {},
) {
  const query = useInfiniteQuery({ ...endlessOptions(key, load), ...options });
  const items = useMemo(() => {
    const byId = new Map<T["id"], T>();
    for (const page of query.data?.pages ?? []) for (const item of page.content) byId.set(item.id, item);
    return [...byId.values()];
  }, [query.data]);
  return { ...query, items };
}

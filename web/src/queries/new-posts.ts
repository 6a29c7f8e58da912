import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Endless } from "./endless.ts";
import { type Feed, feedKey, isRanked, loadFeed } from "./feeds.ts";
import type { Post } from "./types.ts";

const POLL = 20_000;

/** Feeds that grow at their head, by other people's posts. */
export function isGrowing(feed: Feed): boolean {
  return !isRanked(feed) && feed.name !== "mine";
}

/**
 * Posts that came since a growing feed was loaded: counted while the page is in sight, shown when the reader asks.
 * `known` is what was loaded, at least one post.
 */
export function useNewPosts(feed: Feed, known: readonly Post[]) {
  const client = useQueryClient();
  const newestKnown = known.reduce((newest, { id }) => Math.max(newest, id), 0);
  const { data, isError, refetch } = useQuery({
    queryKey: ["newest", ...feedKey(feed)],
    queryFn: ({ signal }) => loadFeed(feed, undefined, signal),
    initialData: { content: [], hasNext: false, nextCursor: null },
    staleTime: POLL,
    refetchInterval: POLL,
    retry: false,
  });
  const fresh = data.content.filter(({ id }) => id > newestKnown);

  const show = () => {
    if (fresh.length === 0) return;
    client.setQueryData<Endless<Post>>(feedKey(feed), (list) => {
      const [first, ...rest] = list?.pages ?? [];
      // More than a page is new: what lies between isn't known, so the list begins anew.
      if (!list || !first || fresh.length === data.content.length)
        return { pages: [data], pageParams: [undefined] };
      return { ...list, pages: [{ ...first, content: [...fresh, ...first.content] }, ...rest] };
    });
  };
  return { count: fresh.length, show, isError, refetch };
}

import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { session } from "../api/browser-session.ts";
import { call } from "../api/call.ts";
import { useEndless } from "./endless.ts";
import type { FollowedActivity, Post } from "./types.ts";

const POLL = 60_000;
const listeners = new Set<() => void>();
const seenKey = () => `dailyfeed.seen.${session.current?.memberId ?? 0}`;

/** What the people I follow did, newest first. */
export function useActivities() {
  return useEndless<FollowedActivity>(["activities", "list"], (cursor, signal) =>
    call("GET /member-activities/followings", { query: { size: 20, cursor }, signal }),
  );
}

/** The newest few, looked at again each minute. */
export function useLatestActivities() {
  return useQuery({
    queryKey: ["activities", "latest"],
    queryFn: async ({ signal }) =>
      (await call("GET /member-activities/followings", { query: { size: 5 }, signal })).content,
    refetchInterval: POLL,
    staleTime: POLL / 2,
  });
}

/** The posts that activities are about, in one call. */
export function useActivityPosts(activities: readonly FollowedActivity[]) {
  const ids = [...new Set(activities.flatMap(({ postId }) => (postId ? [postId] : [])))].slice(0, 1000);
  return useQuery({
    queryKey: ["activity-posts", ids],
    queryFn: async ({ signal }) => {
      const posts = await call("POST /timeline/posts/query/list", { body: { ids }, signal });
      return new Map<number, Post>(posts.map((post) => [post.id, post]));
    },
    enabled: ids.length > 0,
    placeholderData: (previous) => previous,
  });
}

/** Has something happened since the member looked? */
export function useUnseen(): boolean {
  const newest = useLatestActivities().data?.[0]?.createdAt;
  const seen = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => localStorage.getItem(seenKey()),
  );
  return newest !== undefined && newest > (seen ?? "");
}

export function markSeen(newest: string): void {
  if (newest <= (localStorage.getItem(seenKey()) ?? "")) return;
  localStorage.setItem(seenKey(), newest);
  for (const listener of listeners) listener();
}

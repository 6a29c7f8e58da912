import { call } from "../api/call.ts";
import type { ListPage, Post } from "./types.ts";

export const FEEDS = ["following", "recent", "popular", "commented", "mine"] as const;
export type FeedName = (typeof FEEDS)[number];

export const WINDOWS = ["day", "week", "month", "all"] as const;
export type Window = (typeof WINDOWS)[number];

export interface Feed {
  readonly name: FeedName;
  readonly window: Window;
}

const SIZE = 20;

export function isRanked({ name }: Pick<Feed, "name">): boolean {
  return name === "popular" || name === "commented";
}

export function feedKey({ name, window }: Feed): readonly unknown[] {
  return ["posts", name, ...(isRanked({ name }) ? [window] : [])];
}

/** One page of a feed. */
export function loadFeed(
  { name, window }: Feed,
  cursor?: string,
  signal?: AbortSignal,
): Promise<ListPage<Post>> {
  const query = { size: SIZE, cursor };
  switch (name) {
    case "following":
      return call("GET /timeline/posts/followings", { query, signal });
    case "recent":
      return call("GET /timeline/posts/recent-activities", { query, signal });
    case "popular":
      return call("GET /timeline/posts/most-popular", { query: { ...query, window }, signal });
    case "commented":
      return call("GET /timeline/posts/most-commented", { query: { ...query, window }, signal });
    case "mine":
      return call("GET /timeline/posts", { query, signal });
  }
}

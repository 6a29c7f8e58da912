import type { Page } from "playwright-core";

/** What the pages need that read: all of it exists before the tests begin. */
export interface ReadsGiven {
  readonly postId: number;
}

/** A call that a page makes to show something. */
export interface Read {
  readonly operation: string;
  path(given: ReadsGiven): string;
  /** Shows that the page has what the call answers. */
  content(page: Page): ReturnType<Page["locator"]>;
  /** Is it what the page is for, or something beside it? */
  readonly part?: "main" | "beside";
}

const text = (words: string) => (page: Page) => page.locator("main").getByText(words).first();

export const READS: readonly Read[] = [
  { operation: "GET /timeline/posts/followings", path: () => "/", content: text("A text to read") },
  {
    operation: "GET /timeline/posts/recent-activities",
    path: () => "/recent",
    content: text("A text to read"),
  },
  { operation: "GET /timeline/posts/most-popular", path: () => "/popular", content: text("A text to read") },
  {
    operation: "GET /timeline/posts/most-commented",
    path: () => "/commented",
    content: text("A text to read"),
  },
  { operation: "GET /timeline/posts", path: () => "/mine", content: text("Written by a fan") },
  { operation: "GET /members/profile/@{handle}", path: () => "/@fan", content: text("Edit profile") },
  {
    operation: "GET /timeline/posts/authors/{memberId}",
    path: () => "/@writer",
    content: text("A text to read"),
  },
  {
    operation: "GET /members/{memberId}/followers/more",
    path: () => "/@writer/followers",
    content: text("@fan"),
  },
  {
    operation: "GET /members/{memberId}/followings/more",
    path: () => "/@writer/followings",
    content: text("@fan"),
  },
  {
    operation: "GET /timeline/posts/{id}",
    path: ({ postId }) => `/posts/${postId}`,
    content: text("A text to read"),
  },
  {
    operation: "GET /timeline/posts/{id}/comments",
    path: ({ postId }) => `/posts/${postId}`,
    content: text("A comment"),
  },
  {
    operation: "GET /timeline/comments/{id}/replies",
    path: ({ postId }) => `/posts/${postId}`,
    content: text("A reply"),
  },
  {
    operation: "GET /member-activities/followings",
    path: () => "/activity",
    content: text("wrote a post"),
  },
  { operation: "GET /search/posts", path: () => "/search?q=text", content: text("A text to read") },
  {
    operation: "GET /search/comments",
    path: () => "/search?q=comment&in=comments",
    content: text("A comment"),
  },
  {
    operation: "GET /search/members",
    path: () => "/search?q=writer&in=people",
    content: text("@writer"),
  },
  { operation: "GET /members/profile", path: () => "/settings", content: text("Save") },
  {
    operation: "GET /members/summary",
    path: () => "/settings/appearance",
    content: (page) => page.locator(".main-nav-me").getByText("@fan"),
    part: "beside",
  },
  {
    operation: "GET /members/follow/recommend/newbie/more",
    path: () => "/settings/appearance",
    content: (page) => page.locator(".aside .member-row").first(),
    part: "beside",
  },
  {
    operation: "POST /timeline/posts/query/list",
    path: () => "/activity",
    content: (page) => page.locator(".activity-post").first(),
    part: "beside",
  },
];

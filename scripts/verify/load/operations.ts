import { type LoadMember, PASSWORD } from "./members.ts";

export type Operation =
  | "feed"
  | "recent"
  | "detail"
  | "post"
  | "comment"
  | "like"
  | "search"
  | "activities"
  | "summary"
  | "logIn"
  | "upload";

/** How often in a hundred. */
export type Mix = readonly (readonly [Operation, number])[];

/** Feeds, and what they show. */
export const POSTS_MIX: Mix = [
  ["feed", 40],
  ["recent", 10],
  ["detail", 20],
  ["post", 12],
  ["comment", 10],
  ["like", 8],
];
/** Something for every group of services, as a feed is used: ten in a hundred write. */
export const ALL_GROUPS_MIX: Mix = [
  ["feed", 45],
  ["recent", 24],
  ["detail", 10],
  ["post", 3],
  ["comment", 3],
  ["like", 3],
  ["search", 3],
  ["activities", 3],
  ["summary", 5],
  ["logIn", 0.5],
  ["upload", 0.5],
];

/** A picture of one pixel. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** What is sent; the body is JSON but for a form. */
export function requestOf(
  operation: Operation,
  postId: number,
  member: LoadMember | undefined,
): { readonly method: string; readonly path: string; readonly body?: object } {
  switch (operation) {
    case "feed":
      return { method: "GET", path: "/timeline/posts/followings?size=20" };
    case "recent":
      return { method: "GET", path: "/timeline/posts/recent-activities?size=20" };
    case "detail":
      return { method: "GET", path: `/timeline/posts/${postId}` };
    case "post":
      return { method: "POST", path: "/posts", body: { content: `written at ${new Date().toISOString()}` } };
    case "comment":
      return { method: "POST", path: "/comments", body: { postId, content: "answered" } };
    case "like":
      return { method: "POST", path: `/posts/${postId}/like` };
    case "search":
      return { method: "GET", path: "/search/posts?keyword=written" };
    case "activities":
      return { method: "GET", path: "/member-activities" };
    case "summary":
      return { method: "GET", path: "/members/summary" };
    case "logIn":
      return {
        method: "POST",
        path: "/authentication/login",
        body: { email: member?.email, password: PASSWORD },
      };
    case "upload": {
      const form = new FormData();
      form.set("image", new Blob([PICTURE], { type: "image/png" }), "dot.png");
      return { method: "POST", path: "/images/upload/profile", body: form };
    }
  }
}

import { call } from "../api/call.ts";
import { useEndless } from "./endless.ts";

export function useFoundPosts(keyword: string) {
  return useEndless(
    ["found-posts", keyword],
    (cursor, signal) => call("GET /search/posts", { query: { keyword, size: 20, cursor }, signal }),
    { enabled: keyword !== "" },
  );
}

export function useFoundComments(keyword: string) {
  return useEndless(
    ["found-comments", keyword],
    (cursor, signal) => call("GET /search/comments", { query: { keyword, size: 20, cursor }, signal }),
    { enabled: keyword !== "" },
  );
}

export function useFoundMembers(keyword: string) {
  return useEndless(
    ["members", "found", keyword],
    (cursor, signal) => call("GET /search/members", { query: { keyword, size: 20, cursor }, signal }),
    { enabled: keyword !== "" },
  );
}

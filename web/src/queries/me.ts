import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { session } from "../api/browser-session.ts";
import { call } from "../api/call.ts";

/** The member who is logged in; undefined for a visitor. */
export function useMemberId(): number | undefined {
  return useSyncExternalStore(
    (listener) => session.subscribe(listener),
    () => session.current?.memberId,
  );
}

export function useMe() {
  return useQuery({
    queryKey: ["me", "summary"],
    queryFn: ({ signal }) => call("GET /members/summary", { signal }),
    staleTime: 5 * 60_000,
  });
}

export function useMyProfile() {
  return useQuery({
    queryKey: ["me", "profile"],
    queryFn: ({ signal }) => call("GET /members/profile", { signal }),
  });
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/call.ts";
import type { Operations } from "../api/generated/schema.ts";
import { useEndless } from "./endless.ts";
import type { MemberProfile, MemberSummary, Post } from "./types.ts";

export type ProfileChanges = Operations["PUT /members/profile"]["body"];

export function useProfile(handle: string) {
  return useQuery({
    queryKey: ["profile", handle.toLowerCase()],
    queryFn: ({ signal }) => call("GET /members/profile/@{handle}", { path: { handle }, signal }),
  });
}

export function usePostsOf(memberId: number) {
  return useEndless<Post>(["posts", "author", memberId], (cursor, signal) =>
    call("GET /timeline/posts/authors/{memberId}", {
      path: { memberId },
      query: { size: 20, cursor },
      signal,
    }),
  );
}

export function useRelations(memberId: number, side: "followers" | "followings") {
  return useEndless<MemberSummary>(["members", side, memberId], (cursor, signal) =>
    call(`GET /members/{memberId}/${side}/more`, { path: { memberId }, query: { size: 30, cursor }, signal }),
  );
}

/** Members who are new and not followed yet. */
export function useNewMembers() {
  return useEndless<MemberSummary>(["members", "new"], (cursor, signal) =>
    call("GET /members/follow/recommend/newbie/more", { query: { size: 5, cursor }, signal }),
  );
}

/** Changes my profile; everything that shows it follows. */
export function useUpdateProfile() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ProfileChanges) => call("PUT /members/profile", { body }),
    onSuccess: (profile: MemberProfile) => {
      client.setQueryData(["me", "profile"], profile);
      client.setQueryData(["profile", profile.handle.toLowerCase()], profile);
      void client.invalidateQueries({ queryKey: ["me", "summary"] });
      void client.invalidateQueries({ queryKey: ["posts"] });
    },
  });
}

export function useChangeHandle() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (newHandle: string) => call("PUT /members/profile/handle", { body: { newHandle } }),
    onSuccess: () => client.invalidateQueries(),
  });
}

/** Uploads a picture and makes it mine; the one before is deleted. */
export function useChangePicture() {
  const update = useUpdateProfile();
  return useMutation({
    mutationFn: async ({ picture, previous }: { picture: Blob | null; previous: string }) => {
      const previousAvatarUrl = previous.startsWith("/api/") ? [previous] : [];
      if (!picture) return update.mutateAsync({ avatarUrl: "", previousAvatarUrl });
      const form = new FormData();
      form.append("image", picture, "picture.webp");
      const id = await call("POST /images/upload/profile", { body: form });
      return update.mutateAsync({ avatarUrl: `/api/images/view/${id}`, previousAvatarUrl });
    },
  });
}

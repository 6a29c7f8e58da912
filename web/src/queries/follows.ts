import { useMutation, useQueryClient } from "@tanstack/react-query";
import { hasCode } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { say } from "../components/toast/toasts.ts";
import { currentMessages } from "../i18n/language.ts";
import { problemText } from "../lib/problem.ts";
import { patchMember } from "./patch.ts";
import type { MemberSummary } from "./types.ts";

const AS_WISHED = ["FOLLOW_RELATIONSHIP_ALREADY_EXISTS", "FOLLOW_RELATIONSHIP_NOT_FOUND"];

type Followed = Pick<MemberSummary, "id" | "following">;

/** Follows or unfollows; shown at once, and taken back where the server refuses. */
export function useFollow() {
  const client = useQueryClient();
  const apply = (id: number, following: boolean) =>
    patchMember(client, id, (row) => {
      if (row.following === following) return row;
      return { ...row, following, followersCount: Math.max(0, row.followersCount + (following ? 1 : -1)) };
    });
  return useMutation({
    mutationFn: async ({ id, following }: Followed) => {
      const operation = following ? "DELETE /members/follow/{memberId}" : "POST /members/follow/{memberId}";
      await call(operation, { path: { memberId: id } }).catch((error: unknown) => {
        if (!AS_WISHED.some((code) => hasCode(error, code))) throw error;
      });
    },
    onMutate: ({ id, following }) => apply(id, !following),
    onError: (error, { id, following }) => {
      apply(id, following);
      say(problemText(error, currentMessages()), { tone: "bad" });
    },
    onSuccess: (_, { id, following }) => {
      apply(id, !following);
      void client.invalidateQueries({ queryKey: ["posts", "following"] });
      void client.invalidateQueries({ queryKey: ["me", "summary"] });
      // Not `members`: a row that vanishes under the finger is a nuisance.
      void client.invalidateQueries({ queryKey: ["activities"] });
    },
  });
}

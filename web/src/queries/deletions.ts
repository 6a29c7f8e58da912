import { useSyncExternalStore } from "react";
import { hasCode } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { say } from "../components/toast/toasts.ts";
import { currentMessages } from "../i18n/language.ts";
import { focusRow, leaveRow } from "../lib/focus.ts";
import { problemText } from "../lib/problem.ts";
import { patchComment, patchPost } from "./patch.ts";
import { queryClient } from "./query-client.ts";
import type { Comment, Post } from "./types.ts";

/** Milliseconds in which a deletion can be taken back. */
const UNDO_TIME = 6_000;

type Kind = "post" | "comment";
interface Waiting {
  readonly send: (leaving: boolean) => Promise<void>;
  undo(): void;
}

const waiting = new Map<string, Waiting>();
let hidden: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

const keyOf = (kind: Kind, id: number) => `${kind} ${id}`;

function hide(key: string, isHidden: boolean): void {
  const next = new Set(hidden);
  if (isHidden) next.add(key);
  else next.delete(key);
  hidden = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells what is deleted, or about to be. */
export function useDeleted(kind: Kind): (row: { readonly id: number }) => boolean {
  const current = useSyncExternalStore(subscribe, () => hidden);
  return ({ id }) => current.has(keyOf(kind, id));
}

/** Hides it now and deletes it when the time to undo is over, or the page is left. */
function deleteLater(
  kind: Kind,
  id: number,
  text: string,
  send: (leaving: boolean) => Promise<unknown>,
  done: () => void,
): void {
  const key = keyOf(kind, id);
  if (waiting.has(key)) return;
  leaveRow();
  hide(key, true);
  const run = async (leaving: boolean) => {
    clearTimeout(timer);
    waiting.delete(key);
    try {
      await send(leaving);
      done();
    } catch (error) {
      // Gone already is what was wanted.
      if (hasCode(error, "POST_NOT_FOUND") || hasCode(error, "COMMENT_NOT_FOUND")) return;
      hide(key, false);
      say(problemText(error, currentMessages()), { tone: "bad" });
    }
  };
  const timer = window.setTimeout(() => void run(false), UNDO_TIME);
  const undo = () => {
    clearTimeout(timer);
    waiting.delete(key);
    dismiss();
    hide(key, false);
    focusRow(kind, id);
  };
  waiting.set(key, { send: run, undo });
  const dismiss = say(text, { life: UNDO_TIME, action: { label: currentMessages().post.undo, run: undo } });
}

/** Takes back the last deletion that still can be. */
export function undoLatest(): void {
  [...waiting.values()].at(-1)?.undo();
}

export function deletePost({ id }: Pick<Post, "id">): void {
  deleteLater(
    "post",
    id,
    currentMessages().post.deleted,
    (keepalive) => call("DELETE /posts/{id}", { path: { id }, keepalive }),
    () => void queryClient.invalidateQueries({ queryKey: ["activities"] }),
  );
}

export function deleteComment({ id, postId, parentId, replyCount }: Comment): void {
  deleteLater(
    "comment",
    id,
    currentMessages().comment.deleted,
    (keepalive) => call("DELETE /comments/{id}", { path: { id }, keepalive }),
    () => {
      if (parentId)
        patchComment(queryClient, parentId, (row) => ({
          ...row,
          replyCount: Math.max(0, row.replyCount - 1),
        }));
      patchPost(queryClient, postId, (row) => ({
        ...row,
        commentCount: Math.max(0, row.commentCount - 1 - replyCount),
      }));
      void queryClient.invalidateQueries({ queryKey: ["post", postId] });
    },
  );
}

window.addEventListener("pagehide", () => {
  for (const { send } of waiting.values()) void send(true);
});

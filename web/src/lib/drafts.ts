import { useState } from "react";
import { session } from "../api/browser-session.ts";

const PREFIX = "dailyfeed.draft";

function keyOf(name: string): string {
  return `${PREFIX}.${session.current?.memberId ?? 0}.${name}`;
}

/**
 * A text that survives a reload, and a session that ends: kept on this device for this member until it is sent.
 * `name` tells what it is for, such as `comment.12`.
 */
export function useDraft(name: string, initial = "") {
  const [key] = useState(() => keyOf(name));
  const [text, setText] = useState(() => localStorage.getItem(key) ?? initial);
  const write = (next: string) => {
    setText(next);
    try {
      if (next === initial) localStorage.removeItem(key);
      else localStorage.setItem(key, next);
    } catch {
      // A full or forbidden storage: the text is still on the page.
    }
  };
  return { text, write, clear: () => write(initial), isKept: text !== initial };
}

export function hasDraft(name: string): boolean {
  return localStorage.getItem(keyOf(name)) !== null;
}

export function forgetDrafts(memberId: number): void {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(`${PREFIX}.${memberId}.`)) localStorage.removeItem(key);
  }
}

import { useSyncExternalStore } from "react";
import type { Messages } from "./en.ts";

export type Language = "ko" | "en";

const KEY = "dailyfeed.language";
const DICTIONARIES: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => (await import("./en.ts")).en,
  ko: async () => (await import("./ko.ts")).ko,
};

let current: Language = preferred();
let wanted = current;
let messages: Messages | undefined;
const listeners = new Set<() => void>();

/** The language that texts are in, ours and the API's. */
export function language(): Language {
  return current;
}

/** Resolves when the texts are there; before the first page is shown. */
export async function loadLanguage(next: Language = current): Promise<void> {
  wanted = next;
  const loaded = await DICTIONARIES[next]();
  // Another one was chosen meanwhile.
  if (wanted !== next) return;
  messages = loaded;
  current = next;
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

/** Changes the language for this browser; rejects, and changes nothing, where its texts can't be fetched. */
export async function chooseLanguage(next: Language): Promise<void> {
  await loadLanguage(next);
  localStorage.setItem(KEY, current);
}

/** All texts, in the member's language. */
export function useMessages(): Messages {
  return useSyncExternalStore(subscribe, currentMessages);
}

/** Outside of components. */
export function currentMessages(): Messages {
  if (!messages) throw new Error("The texts are not loaded yet");
  return messages;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function preferred(): Language {
  const chosen = globalThis.localStorage?.getItem(KEY);
  if (chosen === "ko" || chosen === "en") return chosen;
  return navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en";
}

import { useSyncExternalStore } from "react";

const MINUTE = 60_000;
let now = Date.now();
let timer: number | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, MINUTE);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, which goes on once a minute, for all of the page at once. */
export function useNow(): number {
  return Math.max(
    useSyncExternalStore(subscribe, () => now),
    now,
  );
}

import { Session } from "./session.ts";
import { indexedDbStore, type StoredSession } from "./session-store.ts";

const channel = new BroadcastChannel("dailyfeed-session");

/** The session of this tab, in step with the other tabs. */
export const session = new Session({
  fetch: (input, init) => fetch(input, init),
  store: indexedDbStore(),
  exclusively: (work) => navigator.locks.request("dailyfeed-session", work),
  tell: (state) => channel.postMessage(state ?? null),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
});

channel.onmessage = ({ data }: MessageEvent<StoredSession | null>) => session.learn(data ?? undefined);

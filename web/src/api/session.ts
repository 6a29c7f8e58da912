import { ApiError, errorOf, SessionEndedError } from "./api-error.ts";
import type { SessionStore, StoredSession } from "./session-store.ts";

/** What the session needs of the browser; tests bring their own. */
export interface SessionSurroundings {
  readonly fetch: typeof fetch;
  readonly store: SessionStore;
  /** Runs `work` while no other tab runs its own. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Tells the other tabs; they answer with `Session.learn`. */
  tell(session: StoredSession | undefined): void;
  /** Resolves after so many milliseconds. */
  wait(milliseconds: number): Promise<void>;
}

export type SessionEnd = "logged-out" | "expired";
type Listener = (session: StoredSession | undefined, end: SessionEnd | undefined) => void;

const REFRESH_NEEDED = "x-token-refresh-needed";
const RELOGIN_REQUIRED = "x-relogin-required";
const REFRESH_PATH = "/api/authentication/refresh";
/** While another browser process refreshes with the same cookie, the answer is "refresh needed" once more. */
const LEEWAY_TRIES = 3;
const LEEWAY_PAUSE = 400;

/**
 * The member's session in this browser, as the token contract asks: one refresh for all tabs, a call repeated once
 * after it, and nothing kept when the API says so.
 */
export class Session {
  readonly #around: SessionSurroundings;
  readonly #listeners = new Set<Listener>();
  #current: StoredSession | undefined;
  #renewal: Promise<void> | undefined;

  constructor(around: SessionSurroundings) {
    this.#around = around;
  }

  get current(): StoredSession | undefined {
    return this.#current;
  }

  /** Takes up what this browser remembers. */
  async restore(): Promise<void> {
    this.#current = await this.#around.store.read();
  }

  /** Calls `listener` whenever a session begins, ends, or is another member's. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What another tab told. */
  learn(session: StoredSession | undefined): void {
    this.#set(session, session ? undefined : "logged-out");
  }

  async begin(memberId: number, response: Response): Promise<void> {
    const accessToken = tokenOf(response);
    if (accessToken === undefined) throw new ApiError(response.status, { message: "no access token" });
    await this.#keep({ memberId, accessToken });
  }

  async end(why: SessionEnd): Promise<void> {
    await this.#keep(undefined, why);
  }

  /**
   * Sends a request with the member's token and answers what `work` makes of the success. Where the answer asks for a
   * refresh, that begins when the work is done, and nobody waits for it.
   * @throws SessionEndedError when the member has to log in again; ApiError for every other failure
   */
  async send<T>(path: string, init: RequestInit, work: (response: Response) => Promise<T>): Promise<T> {
    const first = this.#current;
    if (!first) throw new SessionEndedError();
    const response = await this.#attempt(path, init, first);
    if (response.status === 401 && response.headers.has(REFRESH_NEEDED)) await this.#renew(first);
    else if (!(response.headers.has(RELOGIN_REQUIRED) && (await this.#isReplaced(first))))
      return this.#finish(response, first, work);
    const renewed = this.#current;
    if (renewed?.memberId !== first.memberId) throw new SessionEndedError();
    return this.#finish(await this.#attempt(path, init, renewed), renewed, work);
  }

  async #finish<T>(
    response: Response,
    used: StoredSession,
    work: (response: Response) => Promise<T>,
  ): Promise<T> {
    await this.#check(response, used);
    const result = await work(response);
    // If this fails, the next call finds out.
    if (response.headers.has(REFRESH_NEEDED)) this.#renew(used).catch(() => undefined);
    return result;
  }

  async #attempt(path: string, init: RequestInit, { accessToken }: StoredSession): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${accessToken}`);
    return answerOf(this.#around.fetch, path, { ...init, headers });
  }

  async #check(response: Response, used: StoredSession): Promise<void> {
    if (response.headers.has(RELOGIN_REQUIRED)) {
      const error = await errorOf(response);
      // A token that was replaced meanwhile says nothing about the session that goes on.
      if (this.#current?.accessToken === used.accessToken) await this.end("expired");
      throw new SessionEndedError({ message: error.message, requestId: error.requestId });
    }
    if (!response.ok) throw await errorOf(response);
    const accessToken = tokenOf(response);
    if (accessToken !== undefined) await this.#keep({ ...used, accessToken });
  }

  /**
   * Did a tab replace this token, or was about to? The cookie it used is dead from then on, and a call that brought it
   * along is refused, though the session goes on.
   */
  async #isReplaced(used: StoredSession): Promise<boolean> {
    const stored = await this.#around.exclusively(() => this.#around.store.read());
    if (!stored || stored.accessToken === used.accessToken) return false;
    this.#set(stored, undefined);
    return stored.memberId === used.memberId;
  }

  async #renew(stale: StoredSession): Promise<void> {
    // Several answers may have asked for the same refresh.
    if (this.#current?.accessToken !== stale.accessToken) return;
    this.#renewal ??= this.#around
      .exclusively(() => this.#renewUnlessDone(stale))
      .finally(() => {
        this.#renewal = undefined;
      });
    await this.#renewal;
  }

  async #renewUnlessDone(stale: StoredSession): Promise<void> {
    const stored = await this.#around.store.read();
    if (stored?.accessToken !== stale.accessToken) {
      // Another tab was first: its token is ours, or it has logged out.
      this.#set(stored, stored ? undefined : "logged-out");
      return;
    }
    for (let tries = 1; ; tries++) {
      const response = await answerOf(this.#around.fetch, REFRESH_PATH, { method: "POST" });
      const accessToken = tokenOf(response);
      if (response.ok && accessToken !== undefined) return this.#keep({ ...stale, accessToken });
      if (response.headers.has(RELOGIN_REQUIRED)) {
        await this.end("expired");
        throw new SessionEndedError();
      }
      const isLeeway = response.status === 401 && tries < LEEWAY_TRIES;
      if (!isLeeway) throw await errorOf(response);
      await this.#around.wait(LEEWAY_PAUSE);
    }
  }

  async #keep(session: StoredSession | undefined, end?: SessionEnd): Promise<void> {
    await this.#around.store.write(session);
    this.#set(session, end);
    this.#around.tell(session);
  }

  #set(session: StoredSession | undefined, end: SessionEnd | undefined): void {
    const isSameMember = this.#current?.memberId === session?.memberId;
    this.#current = session;
    if (!isSameMember) for (const listener of this.#listeners) listener(session, end);
  }
}

function tokenOf(response: Response): string | undefined {
  return /^Bearer (.+)$/.exec(response.headers.get("authorization") ?? "")?.[1];
}

/** @throws ApiError with status 0 when there is no answer */
export async function answerOf(send: typeof fetch, path: string, init: RequestInit): Promise<Response> {
  try {
    return await send(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, { message: String(error) });
  }
}

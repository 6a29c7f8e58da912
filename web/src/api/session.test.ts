import { describe, expect, it, vi } from "vitest";
import { ApiError, SessionEndedError } from "./api-error.ts";
import { Session, type SessionEnd, type SessionSurroundings } from "./session.ts";
import type { StoredSession } from "./session-store.ts";

type Answer = (token: string | undefined) => Response | Promise<Response>;

/** One browser: tabs share the store, the lock and the server. */
function browser(answers: { api?: Answer; refresh?: Answer } = {}) {
  let stored: StoredSession | undefined = { memberId: 7, accessToken: "old" };
  let lock: Promise<unknown> = Promise.resolve();
  const requests: string[] = [];
  const tabs: Session[] = [];
  const ends: (SessionEnd | undefined)[] = [];
  const api = answers.api ?? ((token) => (token === "old" ? refuse("x-token-refresh-needed") : ok()));
  const refresh = answers.refresh ?? (() => ok({ authorization: "Bearer new" }));

  const open = async () => {
    const around: SessionSurroundings = {
      fetch: async (input, init) => {
        const token = new Headers(init?.headers).get("authorization")?.replace("Bearer ", "");
        requests.push(`${input} ${token ?? "-"}`);
        await Promise.resolve();
        return String(input).endsWith("/refresh") ? refresh(token) : api(token);
      },
      store: {
        read: async () => stored,
        write: async (session) => {
          stored = session;
        },
      },
      exclusively: (work) => {
        const result = lock.then(work);
        lock = result.catch(() => undefined);
        return result;
      },
      tell: (session) => {
        for (const tab of tabs) if (tab !== own) queueMicrotask(() => tab.learn(session));
      },
      wait: async () => undefined,
    };
    const own = new Session(around);
    tabs.push(own);
    own.subscribe((_, end) => ends.push(end));
    await own.restore();
    return own;
  };
  const refreshes = () =>
    requests.filter((request) => request.startsWith("/api/authentication/refresh")).length;
  return { open, requests, refreshes, ends, stored: () => stored };
}

const read = async (response: Response) => response;
const ok = (headers: Record<string, string> = {}) => new Response('{"data":true}', { headers });
const refuse = (header?: string, status = 401) =>
  new Response('{"code":"X","message":"no"}', { status, headers: header ? { [header]: "true" } : {} });

describe("a call", () => {
  it("that finds its token expired is repeated once, after one refresh", async () => {
    const { open, requests } = browser();
    await (await open()).send("/api/posts", { method: "POST" }, read);
    expect(requests).toEqual(["/api/posts old", "/api/authentication/refresh -", "/api/posts new"]);
  });

  it("is repeated no second time", async () => {
    const { open, requests } = browser({ api: () => refuse("x-token-refresh-needed") });
    const sent = (await open()).send("/api/posts", {}, read);
    await expect(sent).rejects.toMatchObject({ status: 401 });
    expect(requests).toHaveLength(3);
  });

  it("whose success hints at a refresh ends first, and is not repeated", async () => {
    const hint = { "x-token-refresh-needed": "true" };
    const { open, requests, stored } = browser({ api: (token) => ok(token === "old" ? hint : {}) });
    const tab = await open();
    await tab.send("/api/posts", {}, async () => expect(requests).toEqual(["/api/posts old"]));
    await vi.waitFor(() => expect(stored()?.accessToken).toBe("new"));
    expect(requests).toEqual(["/api/posts old", "/api/authentication/refresh -"]);
  });

  it("whose success hints at a refresh that is done already asks for none", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const hint = { "x-token-refresh-needed": "true" };
    const { open, refreshes, stored } = browser({ api: (token) => ok(token === "old" ? hint : {}) });
    const tab = await open();
    const late = tab.send("/api/slow", {}, () => held);
    await tab.send("/api/posts", {}, read);
    await vi.waitFor(() => expect(stored()?.accessToken).toBe("new"));
    release();
    await late;
    expect(refreshes()).toBe(1);
  });

  it("shares the refresh with all other calls, of all tabs", async () => {
    const { open, requests, refreshes } = browser();
    const tabs = [await open(), await open(), await open()];
    await Promise.all(tabs.flatMap((tab) => [tab.send("/api/a", {}, read), tab.send("/api/b", {}, read)]));
    expect(refreshes()).toBe(1);
    expect(requests.filter((request) => request.endsWith(" new"))).toHaveLength(6);
  });

  it("takes up the token that an answer brings along", async () => {
    const { open, stored } = browser({ api: () => ok({ authorization: "Bearer fresh" }) });
    await (await open()).send("/api/authentication/password", {}, read);
    expect(stored()?.accessToken).toBe("fresh");
  });
});

describe("a session", () => {
  it("ends in every tab when the API says so", async () => {
    const { open, ends, stored } = browser({ api: () => refuse("x-relogin-required") });
    const [one, other] = [await open(), await open()];
    await expect(one.send("/api/a", {}, read)).rejects.toBeInstanceOf(SessionEndedError);
    await Promise.resolve();
    expect([one.current, other.current, stored()]).toEqual([undefined, undefined, undefined]);
    expect(ends).toEqual(["expired", "logged-out"]);
  });

  it("ends when its refresh is refused, and asks once", async () => {
    const { open, refreshes, stored } = browser({ refresh: () => refuse("x-relogin-required") });
    const tab = await open();
    const sent = await Promise.allSettled([tab.send("/api/a", {}, read), tab.send("/api/b", {}, read)]);
    expect(sent.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect([refreshes(), stored()]).toEqual([1, undefined]);
  });

  it.each([429, 500, 503])("goes on when a refresh is answered %i", async (status) => {
    const { open, stored } = browser({ refresh: () => refuse(undefined, status) });
    await expect((await open()).send("/api/a", {}, read)).rejects.toMatchObject({ status });
    expect(stored()?.accessToken).toBe("old");
  });

  it("goes on when nobody answers", async () => {
    const { open, stored } = browser({
      refresh: () => {
        throw new TypeError("Failed to fetch");
      },
    });
    await expect((await open()).send("/api/a", {}, read)).rejects.toMatchObject({
      status: 0,
      code: "UNREACHABLE",
    });
    expect(stored()?.accessToken).toBe("old");
  });

  it("waits while somebody else refreshes with the same cookie", async () => {
    let tries = 0;
    const { open, refreshes } = browser({
      refresh: () => (++tries < 3 ? refuse("x-token-refresh-needed") : ok({ authorization: "Bearer new" })),
    });
    await (await open()).send("/api/a", {}, read);
    expect(refreshes()).toBe(3);
  });

  it("survives a refusal of the cookie that another tab is just using up", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isUsedUp = false;
    const { open, requests, ends, stored } = browser({
      api: (token) =>
        token === "old" ? refuse(isUsedUp ? "x-relogin-required" : "x-token-refresh-needed") : ok(),
      refresh: async () => {
        isUsedUp = true;
        await held;
        return ok({ authorization: "Bearer new" });
      },
    });
    const [one, other] = [await open(), await open()];
    const first = one.send("/api/a", {}, read);
    await vi.waitUntil(() => isUsedUp);
    const second = other.send("/api/b", {}, read);
    await vi.waitUntil(() => requests.includes("/api/b old"));
    release();
    await Promise.all([first, second]);
    expect([stored()?.accessToken, ends]).toEqual(["new", []]);
    expect(requests.filter((request) => request.startsWith("/api/b"))).toEqual(["/api/b old", "/api/b new"]);
  });

  it("survives a late refusal of a token that was replaced", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { open, stored } = browser({
      api: async (token) => {
        if (token !== "old") return ok();
        await held;
        return refuse("x-relogin-required");
      },
    });
    const tab = await open();
    const late = tab.send("/api/a", {}, read);
    tab.learn({ memberId: 7, accessToken: "new" });
    release();
    await expect(late).rejects.toBeInstanceOf(ApiError);
    expect([tab.current?.accessToken, stored()?.memberId]).toEqual(["new", 7]);
  });
});

import { execFile } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type App, startProcess } from "../../test/support/app.ts";
import { tokensOf } from "../../test/support/client.ts";
import { emptyStore, type Store } from "../../test/support/service.ts";
import type { Visitor } from "./support/visitor.ts";
import { logIn, openWorld, signUp, type World } from "./support/world.ts";

/** The client's half of the token contract, against the real server: counted requests prove "once". */
let world: World;
/** A second node, whose access tokens are over at once. */
let hasty: App;
let store: Store;
let visitor: Visitor;
let members = 0;

beforeAll(async () => {
  store = await emptyStore();
  world = await openWorld({}, store);
  hasty = await startProcess(store, { JWT_ACCESS_TTL: "1s" });
});
afterAll(async () => {
  await world.close();
  await hasty.stop();
  await store.remove();
});
beforeEach(async () => {
  await visitor?.close();
  visitor = await world.openAs(`keeper_${++members}`, {
    expected: /status of 401|status of 503|ERR_CONNECTION_REFUSED/,
  });
});

const REFRESH = "POST /api/authentication/refresh";
const count = (call: string) => visitor.calls.filter((each) => each === call).length;
const box = (page: Page) => page.getByRole("textbox", { name: "Text" });
const publish = (page: Page) => page.getByRole("button", { name: "Post", exact: true }).click();

/** Puts the browser where it would be an hour later: its access token is over, its refresh token good. */
async function expire({ page, context }: Visitor): Promise<void> {
  const session = await world.api.at(hasty.url).login(`keeper_${members}`);
  await context.addCookies([
    {
      name: "refresh_token",
      value: session.refreshToken,
      url: world.app.url,
      httpOnly: true,
      sameSite: "Strict",
    },
  ]);
  await page.evaluate(
    async (stored) => {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open("dailyfeed");
        request.onsuccess = () => resolve(request.result);
      });
      const change = database.transaction("session", "readwrite");
      change.objectStore("session").put(stored, "current");
      await new Promise((resolve) => {
        change.oncomplete = resolve;
      });
      database.close();
      // As another tab would tell.
      const channel = new BroadcastChannel("dailyfeed-session");
      channel.postMessage(stored);
      channel.close();
    },
    { memberId: session.memberId, accessToken: session.accessToken },
  );
  await setTimeout(1_200);
}

/** Which key signs the tokens of a node. */
async function keyOf(url: string, handle: string): Promise<string> {
  const { accessToken } = await world.api.at(url).login(handle);
  return JSON.parse(Buffer.from(accessToken.split(".")[0] ?? "", "base64url").toString()).kid;
}

async function postsOf(handle: string): Promise<string[]> {
  const reader = world.api.as(await world.api.login(handle));
  const answer = await reader.get("/api/timeline/posts?size=50");
  return answer.body.data.content.map(({ content }: { content: string }) => content);
}

describe("an access token that is over", () => {
  it("costs one refresh and one repetition, and posts once", async () => {
    const { page } = visitor;
    await box(page).fill("Written while the token ended");
    await expire(visitor);
    visitor.calls.length = 0;
    await publish(page);
    await page.getByText("Your post is out.").waitFor();
    expect([count(REFRESH), count("POST /api/posts")]).toEqual([1, 2]);
    expect(await postsOf(`keeper_${members}`)).toEqual(["Written while the token ended"]);
  });

  it("costs one refresh for all calls of all tabs", async () => {
    const tabs = [visitor.page, await visitor.openTab("/recent"), await visitor.openTab("/search")];
    for (const tab of tabs) await tab.locator(".main-nav").waitFor();
    await expire(visitor);
    visitor.calls.length = 0;
    // Each page asks for several things at once.
    await Promise.all(
      tabs.map((tab) =>
        tab.goto("/popular").then(() => tab.locator("main .state, main article").first().waitFor()),
      ),
    );
    expect(count(REFRESH)).toBe(1);
    expect(count("GET /api/timeline/posts/most-popular")).toBeGreaterThanOrEqual(3);
    expect(await visitor.page.getByText("Welcome back").count()).toBe(0);
  });
});

describe("a key that was replaced while somebody typed", () => {
  it("makes the client refresh after the work, once, with nothing sent twice", async () => {
    const own = await emptyStore();
    const environment = { ...own.env, JWT_KEY_ROTATION: "1s", JOBS: "off" };
    const app = await startProcess(own, environment);
    const person = await world.open({ url: app.url });
    await signUp(world.api.at(app.url), "typist");
    await logIn(person, "typist");
    await box(person.page).fill("Typed over a rotation");
    await setTimeout(1_100);
    const former = await keyOf(app.url, "typist");
    await promisify(execFile)(process.execPath, ["scripts/job.ts", "rotate-keys"], {
      env: { ...process.env, ...environment },
    });
    // Until this node signs with the new key.
    await expect.poll(() => keyOf(app.url, "typist")).not.toBe(former);
    person.calls.length = 0;
    await publish(person.page);
    await person.page.getByText("Your post is out.").waitFor();
    await expect.poll(() => person.calls).toContain(REFRESH);
    // Without loading the page anew, which could come between the refresh and its answer.
    await person.page.getByRole("link", { name: "Mine" }).click();
    await person.page.locator("main article").filter({ hasText: "Typed over a rotation" }).waitFor();
    const writes = person.calls.filter((call) => call.startsWith("POST "));
    expect(writes).toEqual(["POST /api/posts", REFRESH]);
    expect(person.complaints).toEqual([]);
    await person.close();
    await app.stop();
    await own.remove();
  });
});

describe("a session that was ended elsewhere", () => {
  it("leads to the log-in page, from there back to the page, and the text is still there", async () => {
    const { page } = visitor;
    const handle = `keeper_${members}`;
    await box(page).fill("Something to comment on");
    await publish(page);
    await page.getByRole("button", { name: "View" }).click();
    await page.waitForURL(/\/posts\/\d+/);
    const address = new URL(page.url()).pathname;
    await page.getByRole("textbox", { name: "Write a comment" }).fill("A thought worth keeping");
    await world.api.as(await world.api.login(handle)).post("/api/authentication/logout-all");
    visitor.calls.length = 0;
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("Your session has ended.").waitFor();
    expect(count("POST /api/comments")).toBe(1);
    await logIn(visitor, handle);
    await page.waitForURL(`**${address}`);
    expect(await page.getByRole("textbox", { name: "Write a comment" }).inputValue()).toBe(
      "A thought worth keeping",
    );
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator("article.comment").filter({ hasText: "A thought worth keeping" }).waitFor();
  });

  it("also ends when only its refresh token was revoked, once the access token is over", async () => {
    const { page, context } = visitor;
    await box(page).fill("Kept through it all");
    await expire(visitor);
    const cookie = (await context.cookies()).find(({ name }) => name === "refresh_token");
    // Somebody else used the refresh token, and logged out.
    const taken = tokensOf(await world.api.refresh(cookie?.value ?? ""));
    expect(taken.accessToken).not.toBe("");
    await world.api.as(taken).post("/api/authentication/logout");
    visitor.calls.length = 0;
    await publish(page);
    await page.getByText("Your session has ended.").waitFor();
    expect(count(REFRESH)).toBeLessThanOrEqual(1);
    await logIn(visitor, `keeper_${members}`);
    expect(await box(page).inputValue()).toBe("Kept through it all");
    expect(await postsOf(`keeper_${members}`)).toEqual([]);
  });

  it("ends in the other tabs, too, and begins again in all of them with one log-in", async () => {
    const other = await visitor.openTab("/recent");
    await other.locator("main .state, main article").first().waitFor();
    await world.api.as(await world.api.login(`keeper_${members}`)).post("/api/authentication/logout-all");
    await visitor.page.goto("/mine");
    await visitor.page.getByText("Your session has ended.").waitFor();
    await other.getByRole("heading", { name: "Welcome back" }).waitFor();
    await logIn(visitor, `keeper_${members}`);
    await visitor.page.waitForURL("**/mine");
    await other.waitForURL("**/recent");
  });
});

describe("a server that is started anew", () => {
  it("finds the text where it was left, and takes it once", async () => {
    const own = await emptyStore();
    let app = await startProcess(own);
    const port = new URL(app.url).port;
    const person = await world.open({ url: app.url, expected: /ERR_CONNECTION|status of/ });
    await signUp(world.api.at(app.url), "waiter");
    await logIn(person, "waiter");
    await box(person.page).fill("Sent into the void");
    await app.stop();
    await publish(person.page);
    await person.page.getByText("dailyfeed can't be reached.").waitFor();
    expect(await box(person.page).inputValue()).toBe("Sent into the void");
    app = await startProcess(own, { PORT: port });
    await publish(person.page);
    await person.page.getByText("Your post is out.").waitFor();
    const reader = world.api.at(app.url);
    const mine = await reader.as(await reader.login("waiter")).get("/api/timeline/posts");
    expect(mine.body.data.content.map(({ content }: { content: string }) => content)).toEqual([
      "Sent into the void",
    ]);
    await person.close();
    await app.stop();
    await own.remove();
  });
});

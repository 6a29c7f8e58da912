import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cutTo, HOSTILE_TEXTS } from "./support/hostile.ts";
import type { Visitor } from "./support/visitor.ts";
import { openWorld, signUp, type World } from "./support/world.ts";

/** What members type is text: as names, titles, posts, comments and words to search for. */
let world: World;
let reader: Visitor;

beforeAll(async () => {
  world = await openWorld();
  reader = await world.openAs("reader");
  await signUp(world.api, "attacker");
  const attacker = world.api.as(await world.api.login("attacker"));
  // One after the other, so that the newest is the last.
  for (const text of HOSTILE_TEXTS) {
    const answer = await attacker.post("/api/posts", { title: cutTo(text, 100), content: text });
    expect([text, answer.status]).toEqual([text, 200]);
  }
  for (const content of HOSTILE_TEXTS) await attacker.post("/api/comments", { postId: 1, content });
  const target = (await world.api.login("reader")).memberId;
  await Promise.all(
    HOSTILE_TEXTS.map(async (text, index) => {
      const handle = `named_${index}`;
      await signUp(world.api, handle, {
        displayName: cutTo(text, 50),
        bio: text,
        location: text,
        websiteUrl: "https://evil.example/'\"><",
      });
      await world.api.as(await world.api.login(handle)).post(`/api/members/follow/${target}`);
    }),
  );
});
afterAll(() => world.close());

/** The texts of everything `selector` finds while the page is scrolled to its end. */
async function textsOf(page: Page, selector: string): Promise<Set<string>> {
  const found = new Set<string>();
  await page.locator(selector).first().waitFor();
  await expect
    .poll(async () => {
      for (const text of await page.locator(selector).allTextContents()) found.add(text);
      await page.mouse.wheel(0, 1200);
      return found.size;
    })
    .toBeGreaterThanOrEqual(new Set(HOSTILE_TEXTS).size);
  return found;
}

it("in titles and posts", async () => {
  await reader.page.goto("/recent");
  const texts = await textsOf(reader.page, "main article .text-content");
  expect(HOSTILE_TEXTS.filter((text) => !texts.has(text))).toEqual([]);
  await reader.page.goto("/@attacker");
  const titles = await textsOf(reader.page, "main article .post-card-title");
  expect(HOSTILE_TEXTS.filter((text) => !titles.has(cutTo(text, 100)))).toEqual([]);
});

it("on a post's own page, and in the title of the window", async () => {
  await reader.page.goto("/posts/1");
  await reader.page.locator(".full-post-title").waitFor();
  expect(await reader.page.locator(".full-post-title").textContent()).toBe(HOSTILE_TEXTS[0]);
  await expect.poll(() => reader.page.title()).toBe(`${HOSTILE_TEXTS[0]} · dailyfeed`);
});

it("in comments", async () => {
  await reader.page.getByRole("button", { name: "More comments" }).click();
  const texts = await textsOf(reader.page, ".comment .text-content");
  expect(HOSTILE_TEXTS.filter((text) => !texts.has(text))).toEqual([]);
});

it("in names, and on their profiles", async () => {
  await reader.page.goto("/@reader/followers");
  const names = await textsOf(reader.page, "main article .member-row b");
  expect(HOSTILE_TEXTS.filter((text) => !names.has(cutTo(text, 50)))).toEqual([]);
  for (const [index, text] of HOSTILE_TEXTS.slice(0, 8).entries()) {
    await reader.page.goto(`/@named_${index}`);
    await reader.page.locator(".profile-facts").waitFor();
    expect(await reader.page.locator(".profile .text-content").textContent()).toBe(text);
  }
});

it("as words to search for", async () => {
  for (const text of HOSTILE_TEXTS.slice(0, 12)) {
    await reader.page.goto(`/search?q=${encodeURIComponent(text)}`);
    await reader.page.locator("main .state, main article").first().waitFor();
    expect(await reader.page.getByRole("searchbox").inputValue()).toBe(text.trim());
  }
  await reader.page.goto(`/search?q=alert&in=${encodeURIComponent("<script>")}`);
  await reader.page.locator("main article mark").first().waitFor();
});

it("as addresses", async () => {
  for (const path of [
    "/@<script>alert(1)</script>",
    "/posts/1<img src=x onerror=alert(2)>",
    "/login?next=javascript:alert(3)",
    "/login?next=//evil.example",
  ]) {
    await reader.page.goto(path);
    await reader.page.locator("h1, h2").first().waitFor();
    expect(new URL(reader.page.url()).origin).toBe(world.app.url);
  }
});

it("never ran, never left this server, and gave the policy nothing to report", async () => {
  expect(reader.complaints.filter((text) => !/status of (400|404)/.test(text))).toEqual([]);
  expect(
    await reader.page.locator("main script, main iframe, main style, main [onerror], main [onload]").count(),
  ).toBe(0);
});

import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { en } from "../src/i18n/en.ts";
import { ko } from "../src/i18n/ko.ts";
import { picture } from "./support/picture.ts";
import type { Visitor } from "./support/visitor.ts";
import { openWorld, signUp, type World } from "./support/world.ts";

/** axe-core finds nothing, on any page, in either theme and language. */
let world: World;
let member: Visitor;
let visitor: Visitor;

beforeAll(async () => {
  world = await openWorld();
  // axe brings code of its own, which the policy would stop.
  const options = { bypassCSP: true };
  [member, visitor] = await Promise.all([world.openAs("reader", options), world.open(options)]);
  await signUp(world.api, "writer", {
    displayName: "Writer",
    bio: "Writes.",
    websiteUrl: "https://example.com",
  });
  const writer = world.api.as(await world.api.login("writer"));
  const reader = world.api.as(await world.api.login("reader"));
  const { id } = (
    await writer.post("/api/posts", { title: "A title", content: "A text with https://example.com" })
  ).body.data;
  await writer.post("/api/posts", { content: "Long. ".repeat(200) });
  const comment = (await reader.post("/api/comments", { postId: id, content: "First" })).body.data;
  const reply = (
    await writer.post("/api/comments/replies", { postId: id, parentId: comment.id, content: "Second" })
  ).body.data;
  await reader.post("/api/comments/replies", { postId: id, parentId: reply.id, content: "Third" });
  await reader.post(`/api/posts/${id}/like`);
  const writerId = (await writer.get("/api/members")).body.data.id;
  await reader.post(`/api/members/follow/${writerId}`);
});
afterAll(() => world.close());

/** What axe finds wrong in both themes, in words. */
async function findings(page: Page): Promise<string[]> {
  // Colours that are on their way somewhere would be judged on the way.
  await page.addStyleTag({ content: "*{transition:none!important;animation:none!important}" });
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const theme of ["light", "dark"]) {
    found.push(
      ...(await page.evaluate(async (wanted) => {
        document.documentElement.dataset.theme = wanted;
        const { axe: checker } = window as unknown as { axe: typeof axe };
        // In the second theme only colours can differ.
        const only = wanted === "dark" ? { runOnly: ["color-contrast"] } : {};
        const { violations } = await checker.run(document, { resultTypes: ["violations"], ...only });
        return violations.flatMap(({ id, nodes }) =>
          nodes.map((node) => `${wanted} ${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`),
        );
      }, theme)),
    );
  }
  return found;
}

/** Goes to a page. Where a slow machine lets a read come too late, it asks again, as people do. */
async function open(page: Page, path: string, ready: string): Promise<void> {
  await page.goto(path);
  const shown = page.locator(ready).first();
  const again = page.locator("main .state[role=alert] button");
  try {
    await shown.or(again).first().waitFor();
    if (await shown.isHidden()) await again.click();
    await shown.waitFor();
  } catch (error) {
    throw new Error(`${path} shows: ${await page.locator("body").innerText()}`, { cause: error });
  }
}

async function speak(page: Page, language: "en" | "ko"): Promise<void> {
  await page.evaluate((wanted) => localStorage.setItem("dailyfeed.language", wanted), language);
}

const MEMBER_PAGES: readonly (readonly [path: string, ready: string])[] = [
  ["/", "main article"],
  ["/recent", "main article"],
  ["/popular?window=week", "main article"],
  ["/commented", "main article"],
  ["/mine", "main .state"],
  ["/posts/1", "main article.comment article.comment"],
  ["/posts/99", "main .state"],
  ["/@writer", "main article"],
  ["/@writer/followers", "main article"],
  ["/@writer/followings", "main .state"],
  ["/search", "main .state"],
  ["/search?q=text", "main article"],
  ["/search?q=First&in=comments", "main article"],
  ["/search?q=writer&in=people", "main article"],
  ["/activity", "main h1"],
  ["/settings", "main form"],
  ["/settings/account", "main form"],
  ["/settings/security", "main form"],
  ["/settings/appearance", "main fieldset"],
  ["/settings/leave", "main form"],
  ["/no/such/page", "main .state"],
];

describe.each(["en", "ko"] as const)("in %s", (language) => {
  beforeAll(async () => {
    await speak(member.page, language);
    await speak(visitor.page, language);
  });

  it.each(MEMBER_PAGES)("%s", async (path, ready) => {
    await open(member.page, path, ready);
    expect(await member.page.evaluate(() => document.documentElement.lang)).toBe(language);
    expect(await findings(member.page)).toEqual([]);
  });

  it.each(["/", "/login", "/signup"])("%s of a visitor", async (path) => {
    await visitor.page.goto(path);
    await visitor.page.locator("main h1").waitFor();
    expect(await findings(visitor.page)).toEqual([]);
    const submit = visitor.page.locator("form button[type=submit]");
    if ((await submit.count()) === 0) return;
    await submit.click();
    await visitor.page.locator(".field-error").first().waitFor();
    expect(await findings(visitor.page)).toEqual([]);
  });
});

describe.each(["en", "ko"] as const)("open things in %s", (language) => {
  it("a page that fails, parts that fail, and being offline", async () => {
    const { page, context } = member;
    await speak(page, language);
    await page.route("**/api/**", (route) => route.fulfill({ status: 503, body: "{}" }));
    await page.goto("/recent");
    await page.locator("main .state").waitFor();
    await page.locator(".aside .part-problem").first().waitFor();
    expect(await findings(page)).toEqual([]);
    await context.setOffline(true);
    await page.locator(".offline-banner").waitFor();
    expect(await findings(page)).toEqual([]);
    await context.setOffline(false);
    await page.unrouteAll();
  });

  it("a picture that is cut, and a warning that is taken", async () => {
    const { page } = member;
    await page.goto("/settings");
    const file = { name: "me.png", mimeType: "image/png", buffer: await picture() };
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByRole("application").waitFor();
    expect(await findings(page)).toEqual([]);
    await page.goto("/settings/leave");
    await page.locator("main [type=checkbox]").check();
    expect(await findings(page)).toEqual([]);
  });

  it("a menu, the shortcuts, a draft, messages", async () => {
    const { page } = member;
    const { post } = language === "en" ? en : ko;
    await speak(page, language);
    await page.goto("/recent");
    await page.locator("main article .menu button").first().click();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    const box = page.locator("[data-composer]");
    await box.fill(language.repeat(2_495));
    expect(await findings(page)).toEqual([]);
    await box.press("Control+Enter");
    await page.getByText(post.published).waitFor();
    expect(await findings(page)).toEqual([]);
    await page.locator("main article").first().focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.locator("main article .menu button").first().click();
    await page.getByRole("menuitem", { name: post.delete, exact: true }).click();
    await page.getByText(post.deleted).waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("z");
  });
});

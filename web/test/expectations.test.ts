import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Client } from "../../test/support/client.ts";
import type { Visitor } from "./support/visitor.ts";
import { openWorld, signUp, type World } from "./support/world.ts";

/** What people expect of a good client, beyond that it works. */
let world: World;
let reader: Visitor;
let page: Page;
let writer: Client;
let postId: number;

beforeAll(async () => {
  world = await openWorld();
  await signUp(world.api, "writer", { displayName: "A".repeat(50), bio: "W".repeat(400) });
  writer = world.api.as(await world.api.login("writer"));
  const word = "long".repeat(100);
  postId = (
    await writer.post("/api/posts", { title: "T".repeat(100), content: `${word} https://x.example/${word}` })
  ).body.data.id;
  const comment = (await writer.post("/api/comments", { postId, content: word })).body.data;
  const reply = (await writer.post("/api/comments/replies", { postId, parentId: comment.id, content: word }))
    .body.data;
  await writer.post("/api/comments/replies", { postId, parentId: reply.id, content: word });
  reader = await world.openAs("reader");
  page = reader.page;
});
afterAll(() => world.close());

const PATHS = () => [
  "/",
  "/recent",
  "/popular",
  "/commented",
  "/mine",
  `/posts/${postId}`,
  "/@writer",
  "/@writer/followers",
  "/search?q=long",
  "/activity",
  "/settings",
  "/settings/account",
  "/settings/security",
  "/settings/appearance",
  "/settings/leave",
  "/no/such/page",
];

it.each([360, 768, 1280])("fits a window of %i pixels, whatever people write", async (width) => {
  await page.setViewportSize({ width, height: 760 });
  for (const path of PATHS()) {
    await page.goto(path);
    await page.locator("main h1").waitFor({ state: "attached" });
    await page.locator("main .state, main article, main form, main fieldset").first().waitFor();
    const widest = await page.evaluate(() => document.documentElement.scrollWidth);
    expect([path, widest]).toEqual([path, Math.min(widest, width)]);
  }
});

it("tells how long ago, and exactly when on hover", async () => {
  await page.goto("/recent");
  const time = page.locator("main article time").first();
  expect(await time.textContent()).toMatch(/^(now|\d+ min)$/);
  expect(await time.getAttribute("title")).toMatch(/\d{4} at \d{1,2}:\d{2}/);
});

it("keeps drafts of posts, comments, replies and edits through a reload", async () => {
  await page.goto("/recent");
  await page.getByRole("textbox", { name: "Text" }).fill("A post, nearly");
  await page.goto(`/posts/${postId}`);
  await page.getByRole("textbox", { name: "Write a comment" }).fill("A comment, nearly");
  await page.getByRole("button", { name: "Reply", exact: true }).first().click();
  await page.getByRole("textbox", { name: /^Reply to/ }).fill("A reply, nearly");
  await page.reload();
  const value = (name: string | RegExp) => page.getByRole("textbox", { name }).inputValue();
  expect(await value("Write a comment")).toBe("A comment, nearly");
  expect(await value(/^Reply to/)).toBe("A reply, nearly");
  await page.goto("/recent");
  expect(await value("Text")).toBe("A post, nearly");
  await page.getByRole("textbox", { name: "Text" }).fill("");
});

it("counts what is left to write, and takes no more", async () => {
  await page.goto("/recent");
  const box = page.getByRole("textbox", { name: "Text" });
  await box.fill("x".repeat(5_001));
  await page.locator(".counter").getByText("1 character too many").first().waitFor();
  expect(await page.getByRole("button", { name: "Post", exact: true }).isDisabled()).toBe(true);
  await box.fill("x".repeat(4_990));
  await page.locator(".counter").getByText("10 characters left").first().waitFor();
  await box.fill("");
});

it("turns the switch of the language at once, and keeps the focus there while the texts come", async () => {
  const texts = Promise.withResolvers<void>();
  await page.route(/\/ko-[^/]+\.js$/, async (route) => {
    await texts.promise;
    await route.continue();
  });
  await page.goto("/settings/appearance");
  const [korean, english] = ["한국어", "English"].map((name) => page.getByRole("radio", { name }));
  await english?.focus();
  await page.keyboard.press("ArrowUp");
  expect(await korean?.isChecked()).toBe(true);
  texts.resolve();
  await page.locator("html[lang=ko]").waitFor();
  const focused = await korean?.evaluate((radio) => radio === document.activeElement);
  expect([focused, await korean?.isChecked()]).toEqual([true, true]);
  await page.keyboard.press("ArrowDown");
  await page.locator("html[lang=en]").waitFor();
  await page.unrouteAll();
});

it("says so where the texts of a language can't be fetched", async () => {
  const visitor = await world.openAs("linguist", { expected: /ERR_FAILED/ });
  await visitor.page.route(/\/ko-[^/]+\.js$/, (route) => route.abort());
  await visitor.page.goto("/settings/appearance");
  await visitor.page.getByText("한국어").click();
  await visitor.page.getByText("dailyfeed can't be reached.").first().waitFor();
  expect(await visitor.page.getByRole("radio", { name: "English" }).isChecked()).toBe(true);
  await visitor.page.unrouteAll();
  await visitor.page.getByText("한국어").click();
  await visitor.page.locator("html[lang=ko]").waitFor();
  expect(visitor.complaints).toEqual([]);
  await visitor.close();
});

it("goes back to where one was in a list", async () => {
  await Promise.all(
    Array.from({ length: 15 }, (_, at) => writer.post("/api/posts", { content: `Number ${at}` })),
  );
  await page.goto("/recent");
  await page.locator("main article").first().waitFor();
  await page.mouse.wheel(0, 900);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(800);
  const where = await page.evaluate(() => scrollY);
  const opened = page
    .locator("main article")
    .filter({ hasText: /Number/ })
    .nth(6);
  await opened.focus();
  const place = await page.evaluate(() => scrollY);
  await opened.press("Enter");
  await page.waitForURL(/\/posts\/\d+/);
  await page.goBack();
  await page.waitForURL("**/recent");
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(Math.min(where, place) - 50);
});

it("tells quietly that it can't look for new posts, and finds them later", async () => {
  const watching = await world.openAs("watcher", { expected: /status of 503/ });
  await watching.page.clock.install();
  await watching.page.goto("/recent");
  await watching.page.locator("main article").first().waitFor();
  await watching.page.route("**/recent-activities*", (route) => route.fulfill({ status: 503, body: "{}" }));
  await watching.page.clock.fastForward(21_000);
  await watching.page.getByText("Could not look for new posts.").waitFor();
  await watching.page.unrouteAll();
  await writer.post("/api/posts", { content: "Found later" });
  await watching.page.getByRole("button", { name: "Try again" }).click();
  await watching.page.getByRole("button", { name: "1 new post" }).click();
  await watching.page.locator("main article").filter({ hasText: "Found later" }).waitFor();
  expect(watching.complaints).toEqual([]);
  await watching.close();
});

it("moves nothing for those who asked for it", async () => {
  const calm = await world.openAs("calm", { reducedMotion: "reduce" });
  await calm.page.goto("/recent");
  await calm.page.locator("main article").first().waitFor();
  const longest = await calm.page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll("*")].flatMap((element) => {
        const { transitionDuration, animationDuration } = getComputedStyle(element);
        return [...transitionDuration.split(","), ...animationDuration.split(",")].map(Number.parseFloat);
      }),
    ),
  );
  expect(longest).toBeLessThanOrEqual(0.001);
  await calm.page.keyboard.press("j");
  await calm.page.keyboard.press("j");
  await calm.page.keyboard.press("j");
  const jumped = await calm.page.evaluate(async () => {
    const before = scrollY;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return scrollY - before;
  });
  expect(jumped).toBe(0);
  await calm.close();
});

it("gave the browser nothing to complain about", () => {
  expect(reader.complaints.filter((text) => !/status of 404/.test(text))).toEqual([]);
});

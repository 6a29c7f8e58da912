import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { memoryOf, scrollThrough } from "./support/scrolling.ts";
import { openWorld, type World } from "./support/world.ts";

/** A feed of 500 posts: rows leave the document, and what has the focus stays. */
const POSTS = 500;
/** More than a window with its surroundings holds. */
const MOST_ROWS = 40;

let world: World;
let page: Page;
let session: CDPSession;

beforeAll(async () => {
  world = await openWorld();
  const visitor = await world.openAs("reader");
  page = visitor.page;
  session = await visitor.context.newCDPSession(page);
  const writer = world.api.as(await world.api.login("reader"));
  for (let index = 0; index < POSTS; index += 10) {
    const texts = Array.from({ length: 10 }, (_, at) => `Post ${index + at}. ${"Words. ".repeat(at * 5)}`);
    const answers = await Promise.all(texts.map((content) => writer.post("/api/posts", { content })));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
  }
});
afterAll(() => world.close());

const toTop = async () => {
  await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
  await page.locator("main article[aria-posinset='1']").waitFor();
};

it("shows each post on the way, and never many at a time", async () => {
  await page.goto("/recent");
  await page.locator("main article").first().waitFor();
  const before = await memoryOf(session);
  const first = await scrollThrough(page);
  expect(first.seen).toBe(POSTS);
  expect(first.mostRows).toBeLessThanOrEqual(MOST_ROWS);
  const { nodes } = await memoryOf(session);
  expect(nodes).toBeLessThan(2 * before.nodes);
});

it("takes no more memory the second time", async () => {
  const once = await memoryOf(session);
  await toTop();
  const { mostRows } = await scrollThrough(page);
  expect(mostRows).toBeLessThanOrEqual(MOST_ROWS);
  const twice = await memoryOf(session);
  expect(twice.heap).toBeLessThan(once.heap * 1.2);
  expect(twice.nodes).toBeLessThan(once.nodes * 1.2);
});

it("keeps the row that has the focus, however far one scrolls", async () => {
  await toTop();
  const like = page.locator("main article[aria-posinset='2']").getByRole("button", { name: /Like/ });
  await like.focus();
  await scrollThrough(page);
  expect(await like.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await page.locator("main article").count()).toBeLessThanOrEqual(MOST_ROWS);
  await page.keyboard.press("j");
  const position = () => page.evaluate(() => document.activeElement?.getAttribute("aria-posinset"));
  expect(await position()).toBe("3");
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  expect(await position()).toBe("1");
  await expect.poll(() => page.evaluate(() => scrollY)).toBeLessThan(1_000);
});

it("leads by keys alone from one post to the next, beyond what was in sight", async () => {
  await toTop();
  await page.locator("main article[aria-posinset='1']").focus();
  for (let position = 2; position <= 30; position++) {
    await page.keyboard.press("j");
    await page.locator(`main article[aria-posinset='${position}']:focus`).waitFor();
  }
});

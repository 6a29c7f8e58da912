import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAULTS, takeHold, WORDS } from "../support/faults.ts";
import { type FaultyWorld, openFaultyWorld } from "./faulty-world.ts";

/** With the next page of a list down, slow, or answering 429, 500, 503 in turn. */
let world: FaultyWorld;
let talk: number;
beforeAll(async () => {
  world = await openFaultyWorld();
  const api = await world.apiOf("prolific");
  talk = (await api.post("/api/posts", { content: "Much talked about" })).body.data.id;
  const write = async (count: number, path: string, fields: object) => {
    for (let at = 0; at < count; at++) await api.post(path, { ...fields, content: `Number ${at}` });
  };
  const parentId = (await api.post("/api/comments", { postId: talk, content: "First" })).body.data.id;
  await Promise.all([
    write(50, "/api/comments", { postId: talk }),
    write(21, "/api/comments/replies", { postId: talk, parentId }),
    write(21, "/api/posts", {}),
  ]);
});
afterAll(() => world.close());

/** Asks for it until it comes; nothing that was there may go meanwhile. */
async function failsThenComes(page: Page, operation: string, ask: () => Promise<void>): Promise<void> {
  const articles = page.locator("main article");
  await articles.first().waitFor();
  const call = await takeHold(page, operation);
  const again = page.locator("main .state").getByRole("button", { name: "Try again" });
  for (const fault of FAULTS) {
    call.state = fault;
    await (fault === FAULTS[0] ? ask() : again.click());
    await page.locator("main .state").getByText(WORDS[fault]).waitFor();
    expect(await articles.count()).toBeGreaterThan(3);
  }
  call.state = "slow";
  await again.click();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("ARTICLE");
  call.release();
}

describe.concurrent("the next page", () => {
  it("of comments and replies that fails leaves those before it", async () => {
    const { page } = await world.openAs("commenter");
    await page.goto(`/posts/${talk}`);
    const all = page.locator("main article.comment");
    const comes = (text: string, count: number) =>
      all
        .getByText(text, { exact: true })
        .nth(count - 1)
        .waitFor();
    await comes("Number 19", 2);
    const more = (name: string) => page.getByRole("button", { name }).click();
    await failsThenComes(page, "GET /timeline/posts/{id}/comments", () => more("More comments"));
    await comes("Number 49", 1);
    await failsThenComes(page, "GET /timeline/comments/{id}/replies", () => more("More replies"));
    await comes("Number 20", 2);
  });

  it("of a feed that fails leaves the one before it", async () => {
    const { page } = await world.openAs("scroller");
    await page.goto("/@prolific");
    await failsThenComes(page, "GET /timeline/posts/authors/{memberId}", () =>
      page.evaluate(() => scrollTo(0, document.body.scrollHeight)),
    );
    await page.locator("main .state").waitFor({ state: "hidden" });
    await page.locator("main .skeleton").first().waitFor({ state: "hidden" });
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.getByText("Much talked about").waitFor();
  });
});

it("never made the browser complain of anything else", () => {
  expect(world.complaints()).toEqual([]);
});

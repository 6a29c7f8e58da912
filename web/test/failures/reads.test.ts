import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { FAULTS, type FaultyCall, takeHold, WORDS } from "../support/faults.ts";
import { sideBySide } from "../support/side-by-side.ts";
import { type FaultyWorld, openFaultyWorld } from "./faulty-world.ts";
import { READS, type Read } from "./reads.ts";

/** With each read down, slow, or answering 429, 500, 503 in turn: every page says so, and goes on without a reload. */
const SEARCHES = ["posts?keyword=text", "comments?keyword=comment", "members?keyword=writer"];
let world: FaultyWorld;
beforeAll(async () => {
  world = await openFaultyWorld();
  const { postId } = world;
  const [writer, fan] = await Promise.all([world.apiOf("writer"), world.apiOf("fan")]);
  await world.apiOf("stranger");
  await fan.post("/api/posts", { content: "Written by a fan" });
  const comment = (await fan.post("/api/comments", { postId, content: "A comment" })).body.data;
  await fan.post("/api/comments/replies", { postId, parentId: comment.id, content: "A reply" });
  const [writerId, fanId] = await Promise.all(
    [writer, fan].map(async (each) => (await each.get("/api/members")).body.data.id),
  );
  await writer.post(`/api/members/follow/${fanId}`);
  await fan.post(`/api/members/follow/${writerId}`);
  // What events bring about takes a moment.
  await vi.waitUntil(
    async () => {
      const activities = await fan.get("/api/member-activities/followings");
      const found = await Promise.all(SEARCHES.map((search) => fan.get(`/api/search/${search}`)));
      return [activities, ...found].every(({ body }) => body.data?.content.length > 0);
    },
    { timeout: 60_000, interval: 200 },
  );
});
afterAll(() => world.close());

describe("a read", () => {
  /** Where a page tells of a call that failed, and offers to try again. */
  const problemOf = (page: Page, { part = "main" }: Read) =>
    part === "main"
      ? page.locator("main .state, main .problem-line")
      : page.locator(".part-problem, main .state").first();
  const again = (page: Page, read: Read) =>
    problemOf(page, read)
      .getByRole("button", { name: /Try again|Loading/ })
      .first()
      .click();

  async function takesLong(page: Page, call: FaultyCall, read: Read): Promise<void> {
    call.state = "slow";
    await page.goto(read.path(world));
    if (read.part !== "beside") {
      await page.locator("main .skeleton").first().waitFor();
      await page.locator("main").getByText("This takes longer than usual…").first().waitFor();
    }
    call.release();
    await read.content(page).waitFor();
  }

  async function fails(page: Page, call: FaultyCall, read: Read): Promise<void> {
    for (const fault of FAULTS) {
      call.state = fault;
      // Parts beside say the same whatever it is: only a page that is new shows that they say it now.
      if (fault === FAULTS[0] || read.part === "beside") await page.goto(read.path(world));
      else await again(page, read);
      const words = read.part === "beside" ? "This part could not be loaded." : WORDS[fault];
      await problemOf(page, read).getByText(words).first().waitFor();
    }
    call.state = "fine";
    await again(page, read);
    await read.content(page).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
  }

  it("that is slow or fails is told in words, and mended by its button", async () => {
    const { context } = await world.openAs("fan");
    await sideBySide(
      READS,
      6,
      ({ operation }) => operation,
      async (read) => {
        const page = await context.newPage();
        const call = await takeHold(page, read.operation);
        await takesLong(page, call, read);
        await fails(page, call, read);
        await page.close();
      },
    );
  });

  it("is told in words on every page while nothing of the API can be reached", async () => {
    const { context } = await world.openAs("fan");
    const main = READS.filter(({ part }) => part !== "beside");
    const paths = [...new Map(main.map((read) => [read.path(world), read])).values()];
    await sideBySide(
      paths,
      6,
      (read) => read.path(world),
      async (read) => {
        const page = await context.newPage();
        await page.route("**/api/**", (route) => route.abort());
        await page.goto(read.path(world));
        await page.locator("main").getByText(WORDS.down).first().waitFor();
        await page.unroute("**/api/**");
        await again(page, read);
        await read.content(page).waitFor();
        await page.close();
      },
    );
  });
});

it("never made the browser complain of anything else", () => {
  expect(world.complaints()).toEqual([]);
});

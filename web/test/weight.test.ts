import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorld, signUp, type World } from "./support/world.ts";

/** What a first visit loads, and how much of a long list is in the document. */
let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Bytes of JavaScript, compressed, until the feed is there. */
const MOST_SCRIPT = 130 * 1024;
const POSTS = 500;
/** Rows in the document at any time, in a window of 900 pixels. */
const MOST_ROWS = 40;

it("is at most 130 KB of compressed JavaScript", async () => {
  const visitor = await world.openAs("fresh");
  const page = await visitor.context.newPage();
  const session = await visitor.context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  const scripts = new Set<string>();
  let bytes = 0;
  session.on("Network.responseReceived", ({ requestId, response }) => {
    if (response.mimeType.includes("javascript")) scripts.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await page.goto("/recent");
  await page.locator("main .state").waitFor();
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(MOST_SCRIPT);
  await visitor.close();
});

it("keeps only the rows in sight while 500 posts are read, and comes back to the same place", async () => {
  await signUp(world.api, "diligent");
  const diligent = world.api.as(await world.api.login("diligent"));
  for (let written = 0; written < POSTS; written += 25) {
    await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        diligent.post("/api/posts", { content: `Post ${written + index} `.repeat(1 + (index % 9) * 6) }),
      ),
    );
  }
  const visitor = await world.openAs("patient");
  const { page } = visitor;
  await page.goto("/recent");
  await page.locator("main article").first().waitFor();
  let most = 0;
  await expect
    .poll(
      async () => {
        for (let step = 0; step < 10; step++) await page.mouse.wheel(0, 2_000);
        most = Math.max(most, await page.locator("main article").count());
        return page.getByText("You have seen everything.").count();
      },
      { timeout: 80_000 },
    )
    .toBe(1);
  expect(most).toBeGreaterThan(3);
  expect(most).toBeLessThanOrEqual(MOST_ROWS);
  expect(visitor.calls.filter((call) => call.endsWith("recent-activities")).length).toBeGreaterThanOrEqual(
    POSTS / 20,
  );

  await page.mouse.wheel(0, -6_000);
  const row = page.locator("main article").nth(3);
  await row.scrollIntoViewIfNeeded();
  const text = await row.locator(".text-content").textContent();
  const place = await page.evaluate(() => window.scrollY);
  await row.locator(".author-time").click();
  await page.waitForURL(/\/posts\/\d+/);
  await page.locator(".full-post").waitFor();
  await page.goBack();
  await page
    .locator("main article")
    .filter({ hasText: text ?? "" })
    .first()
    .waitFor();
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(place - 400);
  expect(visitor.complaints).toEqual([]);
  await visitor.close();
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorld, type World } from "./support/world.ts";

/** What a first visit loads. */
let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Bytes of JavaScript, compressed, until the feed is there. */
const MOST_SCRIPT = 130 * 1024;

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
  await expect.poll(() => bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(MOST_SCRIPT);
  await visitor.close();
});

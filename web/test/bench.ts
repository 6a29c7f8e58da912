import type { BrowserContext, CDPSession } from "playwright-core";
import { memoryOf, scrollThrough } from "./support/scrolling.ts";
import { openWorld } from "./support/world.ts";

/** `npm run bench:web`: how soon the feed can be used on an emulated mid-range phone, from loopback. */
const CPU_SLOWDOWN = 4;
const RUNS = 7;
/** Milliseconds from an empty cache to a feed that can be used. */
const LIMIT = 2_000;
const POSTS = 500;
const PHONE = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 3,
} as const;

const world = await openWorld({ LOG_LEVEL: "error" });
try {
  const visitor = await world.openAs("phone", PHONE);
  const writer = world.api.as(await world.api.login("phone"));
  for (let index = 0; index < POSTS; index += 10) {
    const texts = Array.from({ length: 10 }, (_, at) => `Post ${index + at} `.repeat(20));
    await Promise.all(texts.map((content) => writer.post("/api/posts", { content })));
  }
  const cold: number[] = [];
  const warm: number[] = [];
  let bytes = 0;
  for (let run = 0; run < RUNS; run++) {
    const page = await visitor.context.newPage();
    const session = await visitor.context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
    await session.send("Network.enable");
    await session.send("Network.clearBrowserCache");
    const loaded = countScripts(session);
    const usable = async () => {
      await page.goto("/recent", { waitUntil: "commit" });
      await page.locator("main article").first().waitFor();
      return page.evaluate(() => performance.now());
    };
    cold.push(await usable());
    bytes = loaded();
    warm.push(await usable());
    await page.close();
  }
  const median = (times: readonly number[]) => Math.round(times.toSorted((a, b) => a - b)[RUNS >> 1] ?? 0);
  const line = (times: readonly number[]) =>
    `median ${median(times)} ms, slowest ${Math.round(Math.max(...times))} ms (${RUNS} runs)`;
  const isMet = median(cold) <= LIMIT;
  const scrolled = await scroll(visitor.context);
  console.log(`JavaScript of the first load   ${(bytes / 1024).toFixed(1)} KB compressed`);
  console.log(`feed usable, empty cache       ${line(cold)}; limit ${LIMIT} ms: ${isMet ? "met" : "MISSED"}`);
  console.log(`feed usable, files in cache    ${line(warm)}`);
  console.log(`scrolled through ${scrolled}`);
  console.log(
    `emulated: ${PHONE.viewport.width} x ${PHONE.viewport.height}, CPU ${CPU_SLOWDOWN} times slower, loopback`,
  );
  process.exitCode = isMet ? 0 : 1;
} finally {
  await world.close();
}

/** Memory and rows of a long list, in words. */
async function scroll(context: BrowserContext): Promise<string> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  await page.goto("/recent");
  await page.locator("main article").first().waitFor();
  const before = await memoryOf(session);
  const { seen, mostRows } = await scrollThrough(page);
  const after = await memoryOf(session);
  const megabytes = [before, after].map(({ heap }) => (heap / 1024 / 1024).toFixed(1)).join(" -> ");
  return `${seen} posts: at most ${mostRows} in the document, heap ${megabytes} MB, nodes ${before.nodes} -> ${after.nodes}`;
}

function countScripts(session: CDPSession): () => number {
  const scripts = new Set<string>();
  let bytes = 0;
  session.on("Network.responseReceived", ({ requestId, response }) => {
    if (response.mimeType.includes("javascript")) scripts.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  return () => bytes;
}

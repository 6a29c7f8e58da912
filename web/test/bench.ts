import type { CDPSession } from "playwright-core";
import { openWorld } from "./support/world.ts";

/** `npm run bench:web`: how soon the feed can be used on an emulated mid-range phone, from loopback. */
const CPU_SLOWDOWN = 4;
const RUNS = 7;
const POSTS = 60;
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 3 };

const world = await openWorld({ LOG_LEVEL: "error" });
try {
  const visitor = await world.openAs("phone", PHONE);
  const writer = world.api.as(await world.api.login("phone"));
  for (let index = 0; index < POSTS; index++)
    await writer.post("/api/posts", { content: `Post ${index} `.repeat(20) });
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
  const line = (times: readonly number[]) => {
    const sorted = [...times].sort((a, b) => a - b);
    return `median ${Math.round(sorted[RUNS >> 1] ?? 0)} ms, slowest ${Math.round(sorted.at(-1) ?? 0)} ms (${RUNS} runs)`;
  };
  console.log(`JavaScript of the first load   ${(bytes / 1024).toFixed(1)} KB compressed`);
  console.log(`feed usable, empty cache       ${line(cold)}`);
  console.log(`feed usable, files in cache    ${line(warm)}`);
  console.log(
    `emulated: ${PHONE.viewport.width} x ${PHONE.viewport.height}, CPU ${CPU_SLOWDOWN} times slower, loopback`,
  );
} finally {
  await world.close();
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

import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { startApplication } from "../../application.ts";
import { configOrThrow } from "../../config/index.ts";
import { exposition, metrics, onScrape, openMetrics } from "../../lib/metrics/metrics.ts";
import { TEST_ENVIRONMENT } from "../support/app.ts";
import { emptyStore } from "../support/service.ts";

/** In a process of its own, since counting begins once for all. */

it("METRICS_PORT=0 opens nothing, counts nothing, and loads nothing", async () => {
  const store = await emptyStore();
  const environment = {
    ...TEST_ENVIRONMENT,
    ...store.env,
    LOG_LEVEL: "fatal",
    SERVICES: "content",
    JOBS: "off",
  };
  const app = await startApplication(configOrThrow({ ...environment, METRICS_PORT: "0" }));
  const listening = process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap");
  expect(listening).toEqual([]);
  expect(metrics()).toBeUndefined();
  let reads = 0;
  onScrape(async () => {
    reads++;
    return [];
  });
  expect((await exposition()).text).toBe("");
  expect(reads).toBe(0);
  expect(isLibraryLoaded()).toBe(false);
  await app.stop();
  await store.remove();
  await openMetrics();
  expect(isLibraryLoaded()).toBe(true);
});

function isLibraryLoaded(): boolean {
  const { cache } = createRequire(import.meta.url);
  return Object.keys(cache).some((path) => path.includes("prom-client"));
}

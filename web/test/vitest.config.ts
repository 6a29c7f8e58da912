import { defineConfig } from "vitest/config";

/** The web client in a real browser: `npm run test:web`. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["web/test/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000, interval: 100 } },
    // A browser and the product are enough for two cores.
    fileParallelism: false,
  },
});

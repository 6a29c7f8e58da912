import { defineConfig } from "vitest/config";

/** The web client in a real browser: `npm run test:web`. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["web/test/**/*.test.ts"],
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // A browser and the product are enough for two cores.
    fileParallelism: false,
  },
});

import { defineConfig } from "vitest/config";

/** The web client in a real browser: `npm run test:web`. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["web/test/**/*.test.ts"],
    globalSetup: ["web/test/support/browser.ts"],
    testTimeout: 600_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000, interval: 100 } },
    // Each file has a product of its own, and all share the browser. They mostly wait: three keep two cores busy.
    maxWorkers: 3,
  },
});

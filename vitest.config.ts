import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Time-outs only end what hangs: tests wait on conditions, and machines may be slow. */
export default defineConfig({
  test: {
    // Many tests wait more than they compute: two files at a time even where there are two processors.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 180_000,
    // A process has 180 s to start (test/support/app.ts).
    hookTimeout: 240_000,
    exclude: ["node_modules/**", "data/**", ".servers*/**", "web/test/**"],
  },
});

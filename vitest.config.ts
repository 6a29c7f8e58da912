import { defineConfig } from "vitest/config";

/** Time-outs only end what hangs: tests wait on conditions, and machines may be slow. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    exclude: ["node_modules/**", "data/**", ".servers*/**", "web/test/**"],
  },
});

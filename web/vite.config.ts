import { defineConfig } from "vite";

export default defineConfig({
  // What a browser of the last two years knows: no polyfills.
  build: {
    target: ["chrome123", "firefox125", "safari17.5"],
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // A few files that change at different times, and one for each page: not dozens of crumbs.
        codeSplitting: {
          groups: [
            { name: "vendor", test: /node_modules/ },
            { name: "shared", test: /web\/src\/(?!pages\/|i18n\/(en|ko)\.ts|main\.tsx)/ },
          ],
        },
      },
    },
  },
  server: { port: 5173, proxy: { "/api": "http://localhost:3000" } },
});

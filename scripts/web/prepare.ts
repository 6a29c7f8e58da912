/**
 * After `npm ci`: builds the web client. Without the development packages there is nothing to build it with; the API
 * works all the same, and an image brings a client that was built before.
 */
const hasVite = await import("vite").then(
  () => true,
  () => false,
);
if (hasVite) await import("./build.ts");
else
  console.log(
    "dailyfeed: the web client is not built, since development packages are left out (npm run build:web builds it)",
  );

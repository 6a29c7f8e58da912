import { loadConfigOrThrow } from "../config/index.ts";

/** Is the gateway of this container ready? Ends with 0 or 1, for the image's health check. */
const { host, port } = loadConfigOrThrow().gateway;
const address = host === "0.0.0.0" ? "127.0.0.1" : host;
try {
  const response = await fetch(`http://${address}:${port}/healthcheck/ready`);
  console.log(await response.text());
  process.exitCode = response.ok ? 0 : 1;
} catch {
  console.log(`nothing answers on port ${port}`);
  process.exitCode = 1;
}

import { existsSync } from "node:fs";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** Address of the browser that the files of `npm run test:web` share. */
const SHARED = "WEB_TEST_BROWSER";

/** The browser that runs already, else one of our own: Debian's Chromium, or the one that `CHROMIUM` names. */
export function openBrowser(): Promise<Browser> {
  const shared = process.env[SHARED];
  return shared ? chromium.connect(shared) : chromium.launch(launchOptions());
}

export function launchOptions(): LaunchOptions {
  const executablePath = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
  if (!executablePath)
    throw new Error("No Chromium: install it (apt-get install chromium), or name it with CHROMIUM");
  return { executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] };
}

/** Before all files of `npm run test:web`: one browser for them all. */
export default async function shareBrowser(): Promise<() => Promise<void>> {
  const server = await chromium.launchServer(launchOptions());
  process.env[SHARED] = server.wsEndpoint();
  return () => server.close();
}

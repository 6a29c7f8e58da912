import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import type { Contract } from "./contract.ts";

/** A person with a browser of their own. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Requests to the API so far, as `POST /api/posts`. */
  readonly calls: string[];
  /** Everything the browser complained about: scripts, policy, requests elsewhere. */
  readonly complaints: string[];
  /** Another tab of the same browser. */
  openTab(path: string): Promise<Page>;
  close(): Promise<void>;
}

export interface VisitorOptions extends BrowserContextOptions {
  readonly url: string;
  /** Complaints that a test brings about on purpose. */
  readonly expected?: RegExp;
  /** Requests to the API that are not in it are complained about. */
  readonly contract?: Contract;
}

/** What the test's own hold on the browser says there. */
const BLOCKED = "Service Worker registration blocked by Playwright";

/** Opens a browser window on the start page. */
export async function openVisitor(browser: Browser, options: VisitorOptions): Promise<Visitor> {
  const { url, expected, contract, ...rest } = options;
  const context = await browser.newContext({
    baseURL: url,
    locale: "en-US",
    viewport: { width: 1280, height: 900 },
    // Tests that take hold of requests need them all; those of the offline copy allow it.
    serviceWorkers: "block",
    ...rest,
  });
  // Machines that test may be busy ones.
  context.setDefaultTimeout(60_000);
  const calls: string[] = [];
  const complaints: string[] = [];
  const complain = (text: string) => {
    if (!expected?.test(text)) complaints.push(text);
  };
  const watch = (page: Page) => {
    page.on("console", (message) => {
      const isComplaint = message.type() === "error" || message.type() === "warning";
      if (isComplaint && message.text() !== BLOCKED) complain(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => complain(`error: ${error.message}`));
    page.on("dialog", (dialog) => {
      complain(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      const address = new URL(request.url());
      if (address.protocol.startsWith("http") && address.origin !== url)
        complain(`elsewhere: ${address.href}`);
      if (!address.pathname.startsWith("/api/")) return;
      calls.push(`${request.method()} ${address.pathname}`);
      for (const violation of contract?.violations(request) ?? []) complain(violation);
    });
  };
  context.on("page", watch);
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const page = await context.newPage();
  await page.goto("/");
  return {
    context,
    page,
    calls,
    complaints,
    openTab: async (path) => {
      const tab = await context.newPage();
      await tab.goto(path);
      return tab;
    },
    close: () => context.close(),
  };
}

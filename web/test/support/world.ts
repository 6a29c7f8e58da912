import type { Browser } from "playwright-core";
import { type App, startApp, startProcess } from "../../../test/support/app.ts";
import { Client, PASSWORD } from "../../../test/support/client.ts";
import type { Store } from "../../../test/support/service.ts";
import { openBrowser } from "./browser.ts";
import { Contract } from "./contract.ts";
import { openVisitor, type Visitor, type VisitorOptions } from "./visitor.ts";

export { PASSWORD };

/** The product on an empty store, and a browser to look at it. */
export interface World {
  readonly app: App;
  readonly browser: Browser;
  readonly api: Client;
  /** Opens a window; its requests are held against the OpenAPI file. */
  open(options?: Partial<VisitorOptions>): Promise<Visitor>;
  /** Opens a window of a member with this handle, who signs up without one where there is none. */
  openAs(handle: string, options?: Partial<VisitorOptions>): Promise<Visitor>;
  close(): Promise<void>;
}

/** `store`: one that exists already, and stays. */
export async function openWorld(environment: Record<string, string> = {}, store?: Store): Promise<World> {
  const start = store ? startProcess(store, environment) : startApp(environment);
  const [app, browser] = await Promise.all([start, openBrowser()]);
  const contract = await Contract.of(app.url);
  const api = new Client(app.url);
  const open = (options: Partial<VisitorOptions> = {}) =>
    openVisitor(browser, { url: app.url, contract, ...options });
  return {
    app,
    browser,
    api,
    open,
    openAs: async (handle, options) => {
      await signUp(api, handle);
      const visitor = await open(options);
      await logIn(visitor, handle);
      return visitor;
    },
    close: async () => {
      await browser.close();
      await app.stop();
    },
  };
}

/** Over the API; does nothing where the member is there. */
export async function signUp(api: Client, handle: string, fields: object = {}): Promise<void> {
  const body = { email: `${handle}@example.com`, password: PASSWORD, memberName: "이름", handle, ...fields };
  await api.post("/api/authentication/signup", body);
}

/** On the log-in page; waits for the page behind it. */
export async function logIn(
  { page }: Pick<Visitor, "page">,
  handle: string,
  password = PASSWORD,
): Promise<void> {
  if (!page.url().includes("/login")) await page.goto("/login");
  await page.locator("input[type=email]").fill(`${handle}@example.com`);
  await page.locator("input[autocomplete=current-password]").fill(password);
  await page.locator("form button[type=submit]").click();
  await page.locator(".main-nav").waitFor();
}

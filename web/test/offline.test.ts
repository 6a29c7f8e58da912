import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startProcess } from "../../test/support/app.ts";
import { emptyStore, type Store } from "../../test/support/service.ts";
import type { Visitor } from "./support/visitor.ts";
import { openWorld, type World } from "./support/world.ts";

/** Once visited, the client starts without a network, and without its server. */
let store: Store;
let world: World;
let visitor: Visitor;

beforeAll(async () => {
  store = await emptyStore();
  world = await openWorld({}, store);
  visitor = await world.openAs("traveller", { serviceWorkers: "allow", expected: /ERR_|status of 50|net::/ });
  const api = world.api.as(await world.api.login("traveller"));
  expect((await api.post("/api/posts", { content: "Written at home" })).status).toBe(200);
  await visitor.page.evaluate(async () => void (await navigator.serviceWorker.ready));
});
afterAll(async () => {
  await world.close();
  await store.remove();
});

/** A tab of its own, as after a start of the browser. */
async function start(path: string): Promise<Page> {
  const page = await visitor.context.newPage();
  await page.goto(path);
  return page;
}

it("says that one is offline, on a page that was never opened before, and goes on by itself", async () => {
  await visitor.context.setOffline(true);
  const page = await start("/mine");
  await page.getByText("You are offline. What you write is kept on this device.").waitFor();
  await page.getByRole("heading", { name: "You are offline" }).waitFor();
  await page.getByRole("textbox", { name: "Text" }).fill("Thought of in the train");
  const settings = await start("/settings");
  await settings.getByRole("heading", { name: "You are offline" }).waitFor();
  await settings.close();
  await visitor.context.setOffline(false);
  await page.locator("main article").filter({ hasText: "Written at home" }).waitFor();
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await page.locator("main article").filter({ hasText: "Thought of in the train" }).waitFor();
  await page.close();
});

it("says that the server can't be reached, and goes on when it can", async () => {
  const { port } = new URL(world.app.url);
  await world.app.stop();
  const page = await start("/recent");
  await page.locator("main").getByText("dailyfeed can't be reached.").first().waitFor();
  const app = await startProcess(store, { PORT: port });
  await page.locator("main .state").getByRole("button", { name: "Try again" }).click();
  await page.locator("main article").filter({ hasText: "Written at home" }).waitFor();
  await page.close();
  await app.stop();
});

it("never lets the worker answer for the API or the documentation, and keeps to the policy", async () => {
  const { origin } = new URL(world.app.url);
  const kept = await visitor.page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return { names: names.length, paths: requests.flat().map(({ url }) => url) };
  });
  expect(kept.names).toBe(1);
  expect(kept.paths).toContain(`${origin}/`);
  expect(kept.paths.filter((path) => !path.startsWith(`${origin}/`) || path.includes("/api"))).toEqual([]);
  expect(visitor.complaints).toEqual([]);
});

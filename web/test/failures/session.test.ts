import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAULTS, takeHold, WORDS } from "../support/faults.ts";
import { logIn } from "../support/world.ts";
import { type FaultyWorld, openFaultyWorld } from "./faulty-world.ts";

/** With log-out and refresh down, slow, or answering 429, 500, 503 in turn. */
let world: FaultyWorld;
beforeAll(async () => {
  world = await openFaultyWorld();
});
afterAll(() => world.close());

describe.concurrent("the end of a session", () => {
  it("is told to this device alone while the server can't be told", async () => {
    const visitor = await world.openAs("leaver");
    const { page } = visitor;
    const call = await takeHold(page, "POST /authentication/logout");
    const warning = page.getByText("You are logged out on this device, but dailyfeed could not be told.");
    for (const state of [...FAULTS, "slow"] as const) {
      call.state = state;
      await page.goto("/settings/account");
      await page.getByRole("button", { name: "Log out" }).click();
      if (state === "slow") {
        await page.getByRole("button", { name: "Logging out…" }).waitFor();
        call.release();
      }
      await page.getByRole("link", { name: "Sign up" }).waitFor();
      if (state === "slow") expect(await warning.count()).toBe(0);
      else {
        await warning.waitFor();
        await logIn(visitor, "leaver");
      }
    }
  });

  it("is not what a refresh that fails means", async () => {
    const { page, calls } = await world.openAs("refresher");
    let stale: string | undefined;
    await page.route("**/api/timeline/posts/recent-activities*", async (route) => {
      const { authorization } = route.request().headers();
      stale ??= authorization;
      if (authorization !== stale) return route.fallback();
      const headers = { "x-token-refresh-needed": "true" };
      await route.fulfill({ status: 401, headers, contentType: "application/json", body: "{}" });
    });
    const call = await takeHold(page, "POST /authentication/refresh");
    for (const fault of FAULTS) {
      call.state = fault;
      if (fault === FAULTS[0]) await page.goto("/recent");
      else await page.locator("main .state").getByRole("button", { name: "Try again" }).click();
      await page.locator("main").getByText(WORDS[fault]).first().waitFor();
    }
    call.state = "slow";
    calls.length = 0;
    await page.locator("main .state").getByRole("button", { name: "Try again" }).click();
    await page.locator("main .skeleton").first().waitFor();
    call.release();
    await page.locator("main article").first().waitFor();
    expect(calls.filter((each) => each === "POST /api/authentication/refresh")).toHaveLength(1);
  });
});

it("never made the browser complain of anything else", () => {
  expect(world.complaints()).toEqual([]);
});

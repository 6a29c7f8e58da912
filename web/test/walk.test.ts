import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { picture } from "./support/picture.ts";
import type { Visitor } from "./support/visitor.ts";
import { logIn, openWorld, PASSWORD, signUp, type World } from "./support/world.ts";

/** Two members in two windows walk through every page and do everything there is to do, in this order. */
let world: World;
let mina: Visitor;
let joon: Visitor;

beforeAll(async () => {
  world = await openWorld();
  mina = await world.open();
  joon = await world.open();
});
afterAll(async () => {
  await world.close();
});

const tab = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Feeds" }).getByRole("link", { name });
const article = (page: Page, text: string) => page.locator("main article").filter({ hasText: text }).last();
const write = async (page: Page, text: string) => {
  await page.getByRole("textbox", { name: "Text" }).fill(text);
  await page.getByRole("button", { name: "Post", exact: true }).click();
  await page.getByText("Your post is out.").waitFor();
};

describe("a visitor", () => {
  it("is welcomed, and sees at each field what is wrong with it", async () => {
    const { page } = mina;
    await page.getByRole("heading", { name: "The day, from the people you follow." }).waitFor();
    await page.getByRole("link", { name: "Sign up" }).click();
    await page.getByRole("heading", { name: "Join dailyfeed" }).waitFor();
    await page.getByRole("button", { name: "Sign up" }).click();
    expect(await page.locator(".field-error").allInnerTexts()).toEqual(Array(4).fill("Please fill this in."));
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("email");
    await page.getByLabel("E-mail").fill("mina");
    await page.getByLabel("Password", { exact: true }).fill("sunny");
    await page.getByLabel("Name", { exact: true }).fill("M");
    await page.getByLabel("Handle").fill("mi na");
    await page.getByRole("button", { name: "Sign up" }).click();
    expect(await page.locator(".field-error").allInnerTexts()).toEqual([
      "This is not an e-mail address, such as mina@example.com.",
      "The password misses one of the rules below.",
      "At least 2 characters, please.",
      "Only letters, digits and _, 3 to 50 of them.",
    ]);
  });

  it("is told by the server what only it can know", async () => {
    const { page } = mina;
    await signUp(world.api, "taken");
    await page.getByLabel("E-mail").fill("taken@example.com");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("Name", { exact: true }).fill("Mina Kim");
    await page.getByLabel("Handle").fill("taken");
    await page.getByRole("button", { name: "Sign up" }).click();
    await page.getByText("A member with this e-mail already exists.").waitFor();
    await page.getByLabel("E-mail").fill("mina@example.com");
    await page.getByRole("button", { name: "Sign up" }).click();
    await page.getByText("This handle is already taken.").waitFor();
    await page.getByLabel("Handle").fill("mina");
    await page.getByLabel("Display name").fill("Mina");
    await page.getByRole("button", { name: "Sign up" }).click();
    await page.getByRole("navigation", { name: "Main" }).waitFor();
    await page.waitForURL((url) => url.pathname === "/");
  });

  it("who wants a member's page logs in first, and gets there", async () => {
    await signUp(world.api, "joon", { displayName: "Joon" });
    const { page } = joon;
    await page.goto("/@mina");
    await page.getByRole("heading", { name: "Welcome back" }).waitFor();
    await page.getByLabel("E-mail").fill("joon@example.com");
    await page.getByLabel("Password", { exact: true }).fill("Wrong#pass1");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("The e-mail or the password is wrong.").waitFor();
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.waitForURL("**/@mina");
    await page.getByRole("heading", { name: "Mina" }).waitFor();
  });
});

describe("members", () => {
  it("follow each other and read what the other writes", async () => {
    await joon.page.getByRole("button", { name: "Follow Mina" }).first().click();
    await joon.page.getByRole("button", { name: "Unfollow Mina" }).first().waitFor();
    await joon.page.getByText("1 follower").waitFor();
    const unfollow = joon.page.locator(".profile-top").getByRole("button", { name: "Unfollow Mina" });
    await unfollow.and(joon.page.locator(":not([aria-disabled])")).click();
    await joon.page.getByText("0 followers").waitFor();
    await joon.page
      .locator(".profile-top")
      .getByRole("button", { name: "Follow Mina", exact: true })
      .and(joon.page.locator(":not([aria-disabled])"))
      .click();
    await joon.page.getByText("1 follower").waitFor();

    const { page } = mina;
    await page.getByRole("textbox", { name: "Text" }).fill("Sunshine over the river");
    await page.getByRole("button", { name: "Add a title" }).click();
    await page.getByRole("textbox", { name: "Title" }).fill("Not this");
    await page.getByRole("button", { name: "Remove the title" }).click();
    await page.getByRole("button", { name: "Add a title" }).click();
    await page.getByRole("textbox", { name: "Title" }).fill("A walk");
    await page.reload();
    expect(await page.getByRole("textbox", { name: "Title" }).inputValue()).toBe("A walk");
    await page.getByRole("textbox", { name: "Text" }).press("Control+Enter");
    await page.getByText("Your post is out.").waitFor();
    await expect.poll(() => page.getByRole("textbox", { name: "Text" }).inputValue()).toBe("");
    for (const name of ["Recent", "Popular", "Mine"]) {
      await tab(page, name).click();
      await article(page, "Sunshine over the river").waitFor();
    }
    await tab(page, "Popular").click();
    await page.getByRole("link", { name: "24 hours" }).click();
    await page.waitForURL("**/popular?window=day");
    await article(page, "A walk").waitFor();

    await joon.page.getByRole("link", { name: "Feed", exact: true }).click();
    const read = article(joon.page, "Sunshine over the river");
    await read.getByRole("button", { name: /Like/ }).click();
    await read.getByRole("button", { name: /Like, 1 like/, pressed: true }).waitFor();
    await read.getByRole("button", { name: /Like/ }).click();
    await read.getByRole("button", { name: /Like, 0 likes/, pressed: false }).waitFor();
    await read.getByRole("button", { name: /Like/ }).click();
    await read.getByRole("button", { name: /Like, 1 like/, pressed: true }).waitFor();
  });

  it("change their mind about a like faster than the server answers", async () => {
    const { page } = joon;
    const button = article(page, "A walk").getByRole("button", { name: /Like/ });
    const is = (isLiked: boolean) => button.and(page.locator(`[aria-pressed=${isLiked}]`)).waitFor();
    const [held, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await page.route("**/like", async (route) => {
      const isLast = route.request().method() === "POST";
      if (!isLast) await held.promise;
      await route.fulfill({ response: await route.fetch() });
      if (isLast) answered.resolve();
    });
    await is(true);
    await button.click();
    await is(false);
    await button.click();
    await is(true);
    held.resolve();
    await answered.promise;
    await page.unroute("**/like");
    await page.reload();
    await is(true);
  });

  it("talk in three levels", async () => {
    await article(joon.page, "A walk")
      .getByRole("link", { name: /0 comments/ })
      .click();
    await joon.page.getByRole("textbox", { name: "Write a comment" }).fill("Where was that?");
    await joon.page.getByRole("button", { name: "Send" }).click();
    await article(joon.page, "Where was that?").waitFor();
    const { page } = mina;
    await page.goto(joon.page.url());
    await article(page, "Where was that?").getByRole("button", { name: "Reply" }).click();
    await page.getByRole("textbox", { name: "Reply to Joon" }).fill("By the old bridge");
    await page.getByRole("textbox", { name: "Reply to Joon" }).press("Control+Enter");
    // What is typed into a form is found like what stands there.
    await page.getByRole("textbox", { name: "Reply to Joon" }).waitFor({ state: "hidden" });
    await article(page, "By the old bridge").waitFor();
    await joon.page.reload();
    await article(joon.page, "By the old bridge").getByRole("button", { name: "Reply" }).click();
    await joon.page.getByRole("textbox", { name: "Reply to Mina" }).fill("I know it");
    await joon.page.getByRole("button", { name: "Send" }).click();
    await joon.page.getByRole("textbox", { name: "Reply to Mina" }).waitFor({ state: "hidden" });
    const third = article(joon.page, "I know it");
    await third.getByRole("button", { name: /Like/ }).click();
    await third.getByRole("button", { name: /Like, 1 like/, pressed: true }).waitFor();
    expect(await third.getByRole("button", { name: "Reply" }).count()).toBe(0);
    await joon.page.getByRole("heading", { name: "Comments 3" }).waitFor();
  });

  it("edit and delete, and take a deletion back", async () => {
    const { page } = joon;
    const menu = (text: string) =>
      article(page, text).getByRole("button", { name: "What to do with this comment" });
    await menu("I know it").click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await page.getByRole("textbox", { name: "Text" }).fill("I know it well");
    await page.getByRole("button", { name: "Save" }).click();
    await article(page, "I know it well").getByText("edited").waitFor();
    await menu("I know it well").click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByText("Comment deleted.").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await article(page, "I know it well").waitFor();
    expect(joon.calls.filter((call) => call.startsWith("DELETE /api/comments"))).toEqual([]);

    await mina.page.getByRole("button", { name: "What to do with this post" }).click();
    await mina.page.getByRole("menuitem", { name: "Edit" }).click();
    await mina.page.getByRole("textbox", { name: "Text" }).fill("Moonlight over the river");
    await mina.page.getByRole("button", { name: "Save" }).click();
    await mina.page.getByRole("textbox", { name: "Text" }).waitFor({ state: "hidden" });
    await mina.page.getByText("Moonlight over the river").waitFor();
  });

  it("delete for good, also by leaving the page", async () => {
    const { page } = mina;
    await page.goto("/mine");
    await tab(page, "Most commented").click();
    await article(page, "Moonlight").waitFor();
    await tab(page, "Mine").click();
    await write(page, "To be deleted");
    await article(page, "To be deleted").getByRole("button", { name: "What to do with this post" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByText("Post deleted.").waitFor();
    await article(page, "Moonlight").waitFor();
    expect(await page.getByText("To be deleted").count()).toBe(0);
    await page.goto("/recent");
    await expect
      .poll(async () => {
        await page.reload();
        await article(page, "Moonlight").waitFor();
        return page.getByText("To be deleted").count();
      })
      .toBe(0);
  });

  it("are told of new posts, which wait to be asked for", async () => {
    const watching = await joon.context.newPage();
    await watching.clock.install();
    await watching.goto("/");
    await article(watching, "Moonlight").waitFor();
    await write(mina.page, "Fresh bread");
    await watching.clock.fastForward(21_000);
    const pill = watching.getByRole("button", { name: "1 new post" });
    await pill.waitFor();
    expect(await watching.getByText("Fresh bread").count()).toBe(0);
    await pill.click();
    await article(watching, "Fresh bread").waitFor();
    await watching.close();
  });

  it("look at profiles, their posts, followers and followings", async () => {
    const { page } = joon;
    await page.goto("/@MINA");
    await article(page, "Fresh bread").waitFor();
    await page
      .getByRole("navigation", { name: "Parts of this profile" })
      .getByRole("link", { name: "Followers" })
      .click();
    await page.locator("main article").getByText("@joon").waitFor();
    await page.goto("/@joon/followings");
    await page.locator("main article").getByText("@mina").waitFor();
    await page.goto("/@nobody_here");
    await page.getByText("This member is not there").waitFor();
  });

  it("search for posts, comments and people", async () => {
    const { page } = joon;
    await page.getByRole("link", { name: "Search" }).click();
    // What was written a moment ago takes a moment to be found.
    await expect
      .poll(async () => {
        await page.goto("/search");
        await page.getByRole("searchbox").fill("moonlight");
        await page.getByRole("searchbox").press("Enter");
        await page.getByRole("link", { name: "Comments" }).waitFor();
        await page.locator("main .state, main article").first().waitFor();
        return page.locator("main article mark").allInnerTexts();
      })
      .toEqual(["Moonlight"]);
    await page.goto("/search?q=bridge&in=comments");
    await page.locator("main article mark").getByText("bridge").waitFor();
    await page.getByRole("link", { name: "See in its post" }).click();
    await article(page, "By the old bridge").waitFor();
    await page.goto("/search?q=min&in=people");
    await page.locator("main article").getByText("@mina").waitFor();
    await page.goto("/search?q=zeppelin");
    await page.getByText("Nothing found for").waitFor();
  });

  it("see what happened", async () => {
    const { page } = joon;
    await expect
      .poll(async () => {
        await page.goto("/activity");
        await page.locator("main .activity-row, main .state").first().waitFor();
        return page.locator("main .activity-row").allInnerTexts();
      })
      .toEqual(expect.arrayContaining([expect.stringMatching(/Mina wrote a post/)]));
    await page.getByRole("link", { name: "wrote a post" }).first().click();
    await page.waitForURL(/\/posts\/\d+/);
  });
});

describe("settings", () => {
  it("change a profile, with a picture cut to a square", async () => {
    const { page } = mina;
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("About you").fill("I like bridges.");
    await page.getByLabel("Website").fill("bridges");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("An address begins with http:// or https://.").waitFor();
    await page.getByLabel("Website").fill("https://bridges.example/");
    await page.getByLabel("Gender").selectOption("OTHER");
    await page.getByLabel("Friends").check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.", { exact: true }).waitFor();
    await page
      .getByLabel("Choose a picture")
      .setInputFiles({ name: "me.png", mimeType: "image/png", buffer: await picture() });
    await page.getByRole("dialog", { name: "Choose the part to show" }).waitFor();
    await page.getByRole("application").press("ArrowRight");
    await page.getByLabel("Zoom").fill("2");
    await page.getByRole("button", { name: "Use this picture" }).click();
    await page.getByText("Your picture is saved.").waitFor();
    await expect
      .poll(() => page.locator("main .avatar img").evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(99);
    await page
      .getByLabel("Choose a picture")
      .setInputFiles({ name: "x.png", mimeType: "image/png", buffer: Buffer.from("no picture at all") });
    await page.getByText("This file can't be shown as a picture.").waitFor();
    await page.getByRole("button", { name: "Remove picture" }).click();
    await page.getByText("Your picture is removed.").waitFor();
  });

  it("change the handle", async () => {
    const { page } = mina;
    await page.getByRole("link", { name: "Account" }).click();
    await page.getByLabel("Handle").fill("joon");
    await page.getByRole("button", { name: "Change handle" }).click();
    await page.getByText("This handle is already taken.").waitFor();
    await page.getByLabel("Handle").fill("mina_k");
    await page.getByRole("button", { name: "Change handle" }).click();
    await page.getByText("Your handle is changed.").waitFor();
    await page.goto("/@mina_k");
    await page.getByText("I like bridges.").waitFor();
  });

  it("change theme and language", async () => {
    const { page } = mina;
    await page.goto("/settings/appearance");
    await page.getByLabel("Dark").check();
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("dark");
    await page.getByLabel("한국어").click();
    await page.getByRole("heading", { name: "설정" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "설정" }).waitFor();
    expect(
      await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme]),
    ).toEqual(["ko", "dark"]);
    await page.getByLabel("English").click();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
  });

  it("change the password, and end all sessions", async () => {
    const { page } = joon;
    await page.goto("/settings/security");
    await page.getByLabel("Current password", { exact: true }).fill("Wrong#pass1");
    await page.getByLabel("New password", { exact: true }).fill("Rainy#day22");
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByText("This is not your current password.").waitFor();
    await page.getByLabel("Current password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByText("Your password is changed.").waitFor();
    await page.getByRole("link", { name: "Feed", exact: true }).click();
    await article(page, "Fresh bread").waitFor();
    await page.goto("/settings/security");
    await page.getByRole("button", { name: "Log out everywhere" }).click();
    await page.getByRole("heading", { name: "The day, from the people you follow." }).waitFor();
    await logIn(joon, "joon", "Rainy#day22");
  });

  it("withdraw, after a warning", async () => {
    const { page } = joon;
    await page.goto("/settings/leave");
    const button = page.getByRole("button", { name: "Delete my account for good" });
    expect(await button.isDisabled()).toBe(true);
    await page.getByLabel("I understand").check();
    await page.getByLabel("Your password", { exact: true }).fill("Rainy#day22");
    await button.click();
    await page.getByText("Your account is deleted.").waitFor();
    await mina.page.goto("/posts/1");
    await article(mina.page, "Where was that?").getByText("Withdrawn member").waitFor();
  });
});

describe("everywhere", () => {
  it("an address that is none says so", async () => {
    const { page } = mina;
    await page.goto("/no/such/page");
    await page.getByRole("heading", { name: "There is no such page", level: 2 }).waitFor();
    await page.goto("/posts/999999");
    await page.getByText("This post is not there").waitFor();
  });

  it("keys are enough to get around", async () => {
    const { page } = mina;
    await page.goto("/mine");
    await article(page, "Fresh bread").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("l");
    await article(page, "Fresh bread")
      .getByRole("button", { name: /Like, 1 like/, pressed: true })
      .waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/posts\/\d+/);
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("n");
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
  });

  it("being offline is said, and over by itself", async () => {
    const { page, context } = mina;
    await page.goto("/mine");
    await article(page, "Fresh bread").waitFor();
    await context.setOffline(true);
    await page.getByText("You are offline. What you write is kept on this device.").waitFor();
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "You are offline" }).waitFor();
    await context.setOffline(false);
    await page.getByRole("button", { name: "Save" }).waitFor();
  });

  it("logging out ends it in every tab", async () => {
    const other = await mina.openTab("/mine");
    await article(other, "Fresh bread").waitFor();
    await mina.page.goto("/settings/account");
    await mina.page.getByRole("button", { name: "Log out" }).click();
    await mina.page.getByRole("heading", { name: "The day, from the people you follow." }).waitFor();
    await other.getByRole("heading", { name: "Welcome back" }).waitFor();
  });

  it("the browser had nothing to complain about, and the API was asked for nothing that it doesn't document", () => {
    const expected = /status of (400|401|404)|ERR_INTERNET_DISCONNECTED/;
    const complaints = [...mina.complaints, ...joon.complaints].filter((text) => !expected.test(text));
    expect(complaints).toEqual([]);
    expect(mina.calls.length + joon.calls.length).toBeGreaterThan(100);
  });
});

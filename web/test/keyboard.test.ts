import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Client } from "../../test/support/client.ts";
import { Keyboard } from "./support/keyboard.ts";
import { picture } from "./support/picture.ts";
import type { Visitor } from "./support/visitor.ts";
import { openWorld, PASSWORD, signUp, type World } from "./support/world.ts";

/** One member does everything there is to do, from sign-up to withdrawal, without a mouse. */
let world: World;
let visitor: Visitor;
let page: Page;
let keys: Keyboard;
let writer: Client;

beforeAll(async () => {
  world = await openWorld();
  await signUp(world.api, "writer", { displayName: "Writer" });
  writer = world.api.as(await world.api.login("writer"));
  await writer.post("/api/posts", { content: "Somebody else's words" });
  visitor = await world.open({
    serviceWorkers: "allow",
    permissions: ["clipboard-write"],
    expected: /status of 401/,
  });
  page = visitor.page;
  keys = new Keyboard(page);
});
afterAll(() => world.close());

const NEXT_PASSWORD = "Rainy#day22";
const label = (text: string) => page.getByLabel(text, { exact: true });
const link = (name: string) => page.getByRole("link", { name, exact: true });
const button = (name: string | RegExp) => page.getByRole("button", { name });
const post = (text: string) => page.locator("main article.post-card").filter({ hasText: text });
const comment = (text: string) => page.locator("main article.comment").filter({ hasText: text }).last();
const says = (text: string) => page.getByText(text).first().waitFor();
const focusIsIn = (selector: string) => page.locator(`${selector}:focus`).waitFor();

/** Opens a menu and takes the item at this place, counted from its end where negative. */
async function choose(menu: ReturnType<typeof button>, steps: number): Promise<void> {
  await keys.to(menu);
  await keys.press("Enter");
  await focusIsIn("[role=menuitem]");
  for (let step = 0; step < Math.abs(steps); step++) await keys.press(steps > 0 ? "ArrowDown" : "ArrowUp");
  await keys.press("Enter");
}

async function logInByKeys(password: string): Promise<void> {
  await keys.to(link("Log in"));
  await keys.press("Enter");
  await keys.to(label("E-mail"));
  await keys.type("keys@example.com");
  await keys.to(label("Password"));
  await keys.type(password);
  await keys.press("Enter");
  await page.locator(".main-nav").waitFor();
}

it("signs up", async () => {
  await keys.to(button("한국어"));
  await keys.press("Enter");
  await page.getByRole("button", { name: "English" }).waitFor();
  await keys.press("Enter");
  await keys.to(link("Sign up"));
  await keys.press("Enter");
  await focusIsIn("h1");
  await keys.to(label("E-mail"));
  await keys.type("keys@example.com");
  await keys.press("Enter");
  await focusIsIn("[name=password]");
  await keys.type(PASSWORD);
  await keys.to(button("Show password"));
  await keys.press("Space");
  await page.locator("[name=password][type=text]").waitFor();
  await keys.to(label("Name"));
  await keys.type("Key Board");
  await keys.to(label("Handle"));
  await keys.type("keys");
  await keys.press("Enter");
  await page.locator(".main-nav").waitFor();
  await keys.keeps("sign-up");
});

describe("posts", () => {
  it("are written, with a title", async () => {
    await page.goto("/mine");
    await keys.to(link("Skip to content"));
    await keys.press("Enter");
    await focusIsIn("main");
    await keys.to(label("Text"));
    await keys.type("Written by keys");
    await keys.to(button("Add a title"));
    await keys.press("Enter");
    await focusIsIn("textarea");
    await keys.press("Shift+Tab");
    await keys.type("A title");
    await keys.press("Tab", "Control+Enter");
    await says("Your post is out.");
    await post("Written by keys").waitFor();
    await keys.keeps("a post by Ctrl + Enter");
    await keys.type("A second one");
    await keys.to(button("Post"));
    await keys.press("Enter");
    await post("A second one").waitFor();
    await keys.keeps("a post by its button");
  });

  it("are copied, edited, liked, deleted and brought back", async () => {
    const menu = post("A second one").getByRole("button", { name: "What to do with this post" });
    await choose(menu, 0);
    await says("Link copied.");
    await choose(menu, 1);
    await focusIsIn("article textarea");
    await keys.press("Escape");
    await focusIsIn("article");
    await choose(menu, 1);
    await keys.type("A second thought");
    await keys.press("Control+Enter");
    await post("A second thought").getByText("edited").waitFor();
    await focusIsIn("article");
    await keys.press("l");
    await post("A second thought").getByRole("button", { name: /Like/, pressed: true }).waitFor();
    await keys.to(post("A second thought").getByRole("button", { name: /Like/ }));
    await keys.press("Space");
    await post("A second thought").getByRole("button", { name: /Like/, pressed: false }).waitFor();
    const changed = post("A second thought").getByRole("button", { name: "What to do with this post" });
    await choose(changed, -1);
    await says("Post deleted.");
    await keys.keeps("a deletion");
    await keys.press("z");
    await post("A second thought").and(page.locator(":focus")).waitFor();
  });

  it("are brought back by a button, too", async () => {
    // Another window, since the clock is that of all pages of one.
    const other = await world.openAs("hesitant");
    await world.api.as(await world.api.login("hesitant")).post("/api/posts", { content: "Deleted in haste" });
    const hasty = other.page.locator("main article").filter({ hasText: "Deleted in haste" });
    const others = new Keyboard(other.page);
    await other.page.clock.install();
    await other.page.goto("/mine");
    await others.to(hasty.getByRole("button", { name: "What to do with this post" }));
    // The button is there for seconds, and a busy machine may take longer to come to it: time stands still.
    await other.page.clock.pauseAt(Date.now() + 3_600_000);
    await others.press("Enter");
    await other.page.locator("[role=menuitem]:focus").waitFor();
    await others.press("ArrowUp", "Enter");
    await hasty.waitFor({ state: "detached" });
    await others.to(other.page.getByRole("button", { name: "Undo" }));
    await others.press("Enter");
    await other.page.clock.resume();
    await hasty.and(other.page.locator(":focus")).waitFor();
    expect(others.lost).toEqual([]);
    await other.close();
  });

  it("of all feeds and windows are reached", async () => {
    for (const name of ["Following", "Popular", "24 hours", "Most commented", "30 days", "Recent"]) {
      await keys.to(page.locator("main").getByRole("link", { name, exact: true }));
      await keys.press("Enter");
      await page.locator("main a[aria-current=page]").getByText(name, { exact: true }).waitFor();
      await keys.keeps(`the feed ${name}`);
    }
    await post("Somebody else's words").waitFor();
  });

  it("that are new are shown when asked for", async () => {
    // Another window, since the clock is that of all pages of one.
    const watcher = await world.openAs("watcher");
    const watching = watcher.page;
    await watching.clock.install();
    await watching.goto("/recent");
    await watching.locator("main article").first().waitFor();
    await writer.post("/api/posts", { content: "Fresh bread" });
    await watching.clock.fastForward(21_000);
    await new Keyboard(watching).to(watching.getByRole("button", { name: "1 new post" }));
    await watching.keyboard.press("Enter");
    await watching.locator("main article:focus").filter({ hasText: "Fresh bread" }).waitFor();
    await watcher.close();
  });
});

describe("a conversation", () => {
  it("is opened, and goes on in three levels", async () => {
    await page.goto("/recent");
    await post("Somebody else's words").waitFor();
    while (!(await post("Somebody else's words").and(page.locator(":focus")).count())) await keys.press("j");
    await keys.press("Enter");
    await page.waitForURL(/\/posts\/\d+/);
    await focusIsIn("h1");
    await keys.to(label("Write a comment"));
    await keys.type("First level");
    await keys.press("Control+Enter");
    await comment("First level").waitFor();
    await keys.keeps("a comment");
    for (const [text, next] of [
      ["First level", "Second level"],
      ["Second level", "Third level"],
    ] as const) {
      await keys.to(comment(text).getByRole("button", { name: "Reply", exact: true }));
      await keys.press("Enter");
      await focusIsIn("article textarea");
      await keys.type(next);
      await keys.press("Control+Enter");
      // What is typed into a form is found like what stands there.
      await page.locator("main article textarea").waitFor({ state: "detached" });
      await comment(next).waitFor();
      await keys.keeps("a reply");
    }
  });

  it("is folded, liked, edited, deleted and brought back", async () => {
    await keys.to(button("Hide replies").first());
    await keys.press("Enter");
    await page.getByText("Second level").waitFor({ state: "hidden" });
    await keys.press("Enter");
    await comment("Second level").waitFor();
    const third = () => comment("Third level");
    if (!(await third().count())) {
      await keys.to(button("Show 1 reply"));
      await keys.press("Enter");
    }
    await keys.to(third().getByRole("button", { name: /Like/ }));
    await keys.press("Space");
    await third().getByRole("button", { name: /Like/, pressed: true }).waitFor();
    const menu = third().getByRole("button", { name: "What to do with this comment" });
    await choose(menu, 0);
    await focusIsIn("article textarea");
    await keys.type("Third level, better");
    await keys.press("Control+Enter");
    await comment("Third level, better").getByText("edited").first().waitFor();
    await keys.keeps("an edit of a comment");
    await choose(menu, -1);
    await says("Comment deleted.");
    await keys.keeps("a deletion of a comment");
    await keys.press("z");
    await comment("Third level, better").waitFor();
    await keys.keeps("a comment that came back");
    await keys.to(button("Back"));
    await keys.press("Enter");
    await page.waitForURL("**/recent");
    await keys.keeps("going back");
  });
});

describe("members", () => {
  it("are visited, followed and left", async () => {
    await page.goto("/recent");
    await keys.to(post("Somebody else's words").getByRole("link", { name: /Writer/ }));
    await keys.press("Enter");
    await page.waitForURL("**/@writer");
    await focusIsIn("h1");
    const follow = page.locator("main .profile-top").getByRole("button");
    await keys.to(follow);
    await keys.press("Enter");
    await page.getByText("1 follower").waitFor();
    await follow.and(page.locator(":not([aria-disabled])")).waitFor();
    await keys.press("Enter");
    await page.getByText("0 followers").waitFor();
    await follow.and(page.locator(":not([aria-disabled])")).waitFor();
    await keys.press("Enter");
    await page.getByText("1 follower").waitFor();
    const parts = page.getByRole("navigation", { name: "Parts of this profile" });
    for (const name of ["Followers", "Following", "Posts"]) {
      await keys.to(parts.getByRole("link", { name }));
      await keys.press("Enter");
      await parts.locator("a[aria-current=page]").getByText(name).waitFor();
      await keys.keeps(`the part ${name}`);
    }
  });

  it("are found, with posts and comments", async () => {
    await keys.press("/");
    await page.waitForURL("**/search");
    await focusIsIn("input[type=search]");
    await keys.type("Writer");
    await keys.press("Enter");
    for (const name of ["Comments", "People", "Posts"]) {
      await keys.to(page.getByRole("navigation", { name: "What to search" }).getByRole("link", { name }));
      await keys.press("Enter");
      await page.locator("main a[aria-current=page]").getByText(name).waitFor();
      await keys.keeps(`found ${name}`);
    }
  });

  it("are seen in what happened", async () => {
    await vi.waitUntil(
      async () => {
        await writer.post("/api/posts", { content: "Once more" });
        await page.goto("/activity");
        await page.locator("main .activity-row, main .state").first().waitFor();
        return page.locator("main .activity-row").count();
      },
      { timeout: 60_000 },
    );
    await keys.to(page.locator("main").getByRole("link", { name: "wrote a post" }));
    await keys.press("Enter");
    await page.waitForURL(/\/posts\/\d+/);
    await keys.press("g", "a");
    await page.waitForURL("**/activity");
    await keys.press("g", "f");
    await page.waitForURL((url) => url.pathname === "/");
    await keys.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await keys.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await keys.keeps("the shortcuts");
    await keys.press("n");
    await focusIsIn("[data-composer]");
  });
});

describe("settings", () => {
  const section = async (name: string) => {
    await keys.to(
      page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name, exact: true }),
    );
    await keys.press("Enter");
    await page
      .getByRole("navigation", { name: "Settings" })
      .locator("a[aria-current=page]")
      .getByText(name)
      .waitFor();
    await keys.keeps(`the settings ${name}`);
  };

  it("take a profile", async () => {
    await keys.to(link("Settings"));
    await keys.press("Enter");
    await page.waitForURL("**/settings");
    for (const [name, text] of [
      ["Display name", "Keys"],
      ["About you", "No mouse."],
      ["Place", "Here"],
      ["Website", "https://keys.example/"],
    ] as const) {
      await keys.to(label(name));
      await keys.type(text);
    }
    await keys.to(label("Date of birth"));
    await page.keyboard.type("01022000");
    await keys.to(label("Gender"));
    await keys.press("ArrowDown");
    await keys.to(label("Country"));
    await keys.press("ArrowDown");
    await keys.to(page.locator("[name=privacyLevel]"));
    await keys.press("ArrowDown");
    await label("Friends: you follow each other").and(page.locator(":checked")).waitFor();
    await keys.to(button("Save"));
    await keys.press("Enter");
    await says("Saved.");
    await keys.keeps("saving a profile");
  });

  it("take a picture, cut it, and give it up", async () => {
    // Well before the key: a busy page takes keys sooner than the order to tell of its choosers.
    const chooser = page.waitForEvent("filechooser");
    await keys.to(page.locator("input[type=file]"));
    await keys.press("Space");
    await (await chooser).setFiles({ name: "me.png", mimeType: "image/png", buffer: await picture() });
    await page.getByRole("dialog").waitFor();
    await keys.to(page.getByRole("application"));
    await keys.press("ArrowRight", "ArrowDown");
    await keys.to(label("Zoom"));
    await keys.press("ArrowRight");
    await keys.to(button("Use this picture"));
    await keys.press("Enter");
    await says("Your picture is saved.");
    await keys.keeps("saving a picture");
    await keys.to(button("Remove picture"));
    await keys.press("Enter");
    await says("Your picture is removed.");
    await keys.keeps("removing a picture");
  });

  it("take a handle, a theme and a language", async () => {
    await section("Account");
    await keys.to(label("Handle"));
    await keys.type("keys_two");
    await keys.press("Enter");
    await says("Your handle is changed.");
    await keys.keeps("a new handle");
    await section("Appearance");
    await keys.to(page.locator("[name=theme]"));
    await keys.press("ArrowDown", "ArrowDown");
    await page.locator("html[data-theme=dark]").waitFor();
    await keys.to(page.locator("[name=language]"));
    await keys.press("ArrowUp");
    await page.locator("html[lang=ko]").waitFor();
    await keys.press("ArrowDown");
    await page.locator("html[lang=en]").waitFor();
    await keys.keeps("another language");
  });

  it("take a password, and end sessions", async () => {
    await section("Password and sessions");
    await keys.to(label("Current password"));
    await keys.type(PASSWORD);
    await keys.to(label("New password"));
    await keys.type(NEXT_PASSWORD);
    await keys.press("Enter");
    await says("Your password is changed.");
    await keys.keeps("a new password");
    await keys.to(button("Log out everywhere"));
    await keys.press("Enter");
    await link("Sign up").waitFor();
    await keys.keeps("logging out everywhere");
    await logInByKeys(NEXT_PASSWORD);
    await keys.keeps("logging in");
    await page.goto("/settings/account");
    await keys.to(button("Log out"));
    await keys.press("Enter");
    await link("Sign up").waitFor();
    await keys.keeps("logging out");
    await logInByKeys(NEXT_PASSWORD);
  });

  it("let go", async () => {
    await page.goto("/settings/leave");
    await keys.to(page.getByLabel("I understand"));
    await keys.press("Space");
    await keys.to(label("Your password"));
    await keys.type(NEXT_PASSWORD);
    await keys.press("Enter");
    await says("Your account is deleted.");
    await keys.keeps("withdrawal");
  });
});

it("never lost the focus, and always showed it", () => {
  expect(keys.lost).toEqual([]);
  expect(visitor.complaints).toEqual([]);
});

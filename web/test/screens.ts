import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { DEMO_MEMBERS } from "../../scripts/seed/members.ts";
import { openWorld, PASSWORD, type World } from "./support/world.ts";

/** `npm run screens`: pictures of every page, on a phone and a desktop, light and dark, into docs/screens. */
const FOLDER = "docs/screens";
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 860 } } as const;
const THEMES = ["light", "dark"] as const;
/** WebP, of 100: text stays sharp, and all pictures together small. */
const QUALITY = 82;

interface Scene {
  readonly name: string;
  readonly path: string;
  /** What has to be there before the picture is taken. */
  readonly ready: string;
  prepare?(page: Page): Promise<void>;
}

const DRAFT = "Rain on the roof, tea on the stove.\nAnything that cannot wait until tomorrow?";

const VISITOR_SCENES: readonly Scene[] = [
  { name: "welcome", path: "/", ready: ".welcome-hero" },
  { name: "log-in", path: "/login", ready: "form" },
  {
    name: "sign-up",
    path: "/signup",
    ready: "form",
    prepare: async (page) => {
      await page.locator("[name=email]").fill("mina");
      await page.locator("[name=password]").fill("Sunny1");
      await page.locator("[name=memberName]").focus();
    },
  },
];

function memberScenes(post: number, handle: string): Scene[] {
  const tick = (page: Page) => page.locator("main [type=checkbox]").check();
  return [
    { name: "feed", path: "/", ready: "main article .avatar" },
    { name: "popular", path: "/popular?window=month", ready: "main article" },
    { name: "post", path: `/posts/${post}`, ready: "article.comment article.comment" },
    { name: "member", path: `/@${handle}`, ready: "main article" },
    { name: "followers", path: `/@${handle}/followers`, ready: "main article" },
    { name: "search", path: "/search?q=커피", ready: "main article, main .state" },
    { name: "search-comments", path: "/search?q=좋아요&in=comments", ready: "main article" },
    { name: "search-people", path: "/search?q=min&in=people", ready: "main article, main .state" },
    { name: "activity", path: "/activity", ready: ".activity-post" },
    { name: "settings", path: "/settings", ready: "main form" },
    { name: "settings-account", path: "/settings/account", ready: "main form" },
    { name: "settings-security", path: "/settings/security", ready: "main form" },
    { name: "settings-appearance", path: "/settings/appearance", ready: "main fieldset" },
    { name: "settings-leave", path: "/settings/leave", ready: "main form", prepare: tick },
    { name: "not-found", path: "/no/such/page", ready: "main .state" },
    // Late, since the draft stays on the device.
    {
      name: "write",
      path: "/recent",
      ready: "main article",
      prepare: (page) => page.locator("[data-composer]").fill(DRAFT),
    },
    {
      name: "offline",
      path: "/",
      ready: "main article",
      prepare: async (page) => {
        await page.context().setOffline(true);
        await page.locator(".main-nav a[href='/settings']").click();
        await page.locator("main .state").waitFor();
      },
    },
  ];
}

const world = await openWorld({ LOG_LEVEL: "error" });
try {
  await promisify(execFile)(process.execPath, [
    "scripts/seed.ts",
    "--url",
    world.app.url,
    "--password",
    PASSWORD,
  ]);
  const [first] = DEMO_MEMBERS;
  if (!first) throw new Error("There are no demo members");
  const email = `${first.handle}@demo.example`;
  const post = await busiestPost(world, email);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [device, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of THEMES) {
      const look = { viewport, colorScheme, deviceScaleFactor: 2, locale: "ko-KR", timezoneId: "Asia/Seoul" };
      const visitor = await world.open(look);
      for (const scene of VISITOR_SCENES) await take(visitor.page, scene, `${device}-${colorScheme}`);
      await visitor.page.goto("/login");
      await visitor.page.locator("[name=email]").fill(email);
      await visitor.page.locator("[name=password]").fill(PASSWORD);
      await visitor.page.locator("form button[type=submit]").click();
      await visitor.page.locator(".main-nav").waitFor();
      for (const scene of memberScenes(post, first.handle))
        await take(visitor.page, scene, `${device}-${colorScheme}`);
      await visitor.close();
    }
  }
} finally {
  await world.close();
}

async function take(page: Page, { name, path, ready, prepare }: Scene, look: string): Promise<void> {
  await page.goto(path);
  await page.locator(ready).first().waitFor();
  await prepare?.(page);
  await page.waitForLoadState("networkidle");
  const png = await page.screenshot({ animations: "disabled", caret: "hide" });
  writeFileSync(`${FOLDER}/${name}-${look}.webp`, await sharp(png).webp({ quality: QUALITY }).toBuffer());
}

/** A post with a conversation under it. */
async function busiestPost({ api }: World, email: string): Promise<number> {
  const answer = await api.post("/api/authentication/login", { email, password: PASSWORD });
  const reader = api.with({ authorization: answer.headers.get("authorization") ?? "" });
  const posts = await reader.get("/api/timeline/posts/most-commented?size=1");
  return posts.body.data.content[0].id;
}

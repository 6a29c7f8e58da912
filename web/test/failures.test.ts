import { readdirSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { READS, type Read } from "./failures/reads.ts";
import type { Write } from "./failures/write.ts";
import { COMMENT_WRITES } from "./failures/writes-of-comments.ts";
import { MEMBER_WRITES } from "./failures/writes-of-members.ts";
import { POST_WRITES } from "./failures/writes-of-posts.ts";
import { COMPLAINTS, FAULTS, type FaultyCall, takeHold, WORDS } from "./support/faults.ts";
import { sideBySide } from "./support/side-by-side.ts";
import type { Visitor } from "./support/visitor.ts";
import { logIn, openWorld, PASSWORD, signUp, type World } from "./support/world.ts";

/**
 * With each call of the API down, slow, or answering 429, 500, 503 in turn: every page says so, keeps what was typed,
 * and goes on without a reload.
 */
let world: World;
let postId: number;
const visitors: Visitor[] = [];
const WRITES = [...POST_WRITES, ...COMMENT_WRITES, ...MEMBER_WRITES];
const SEARCHES = ["posts?keyword=text", "comments?keyword=comment", "members?keyword=writer"];

beforeAll(async () => {
  world = await openWorld();
  await signUp(world.api, "writer", { displayName: "Writer" });
  await signUp(world.api, "fan", { displayName: "Fan" });
  await signUp(world.api, "stranger");
  const writer = await apiOf("writer");
  const fan = await apiOf("fan");
  postId = (await writer.post("/api/posts", { content: "A text to read" })).body.data.id;
  await fan.post("/api/posts", { content: "Written by a fan" });
  const comment = (await fan.post("/api/comments", { postId, content: "A comment" })).body.data;
  await fan.post("/api/comments/replies", { postId, parentId: comment.id, content: "A reply" });
  const [writerId, fanId] = await Promise.all(
    [writer, fan].map(async (each) => (await each.get("/api/members")).body.data.id),
  );
  await writer.post(`/api/members/follow/${fanId}`);
  await fan.post(`/api/members/follow/${writerId}`);
  // What events bring about takes a moment.
  await vi.waitUntil(
    async () => {
      const activities = await fan.get("/api/member-activities/followings");
      const found = await Promise.all(SEARCHES.map((search) => fan.get(`/api/search/${search}`)));
      return [activities, ...found].every(({ body }) => body.data?.content.length > 0);
    },
    { timeout: 60_000, interval: 200 },
  );
});
afterAll(() => world.close());

const apiOf = async (handle: string) => world.api.as(await world.api.login(handle));

async function openAs(handle: string): Promise<Visitor> {
  const visitor = await world.openAs(handle, { expected: COMPLAINTS });
  visitors.push(visitor);
  return visitor;
}

describe("a read", () => {
  /** Where a page tells of a call that failed, and offers to try again. */
  const problemOf = (page: Page, { part = "main" }: Read) =>
    part === "main"
      ? page.locator("main .state, main .problem-line")
      : page.locator(".part-problem, main .state").first();
  const again = (page: Page, read: Read) =>
    problemOf(page, read)
      .getByRole("button", { name: /Try again|Loading/ })
      .first()
      .click();

  async function takesLong(page: Page, call: FaultyCall, read: Read): Promise<void> {
    call.state = "slow";
    await page.goto(read.path({ postId }));
    if (read.part !== "beside") {
      await page.locator("main .skeleton").first().waitFor();
      await page.locator("main").getByText("This takes longer than usual…").first().waitFor();
    }
    await read.content(page).waitFor();
  }

  async function fails(page: Page, call: FaultyCall, read: Read): Promise<void> {
    for (const fault of FAULTS) {
      call.state = fault;
      if (fault === FAULTS[0]) await page.goto(read.path({ postId }));
      else await again(page, read);
      const words = read.part === "beside" ? "This part could not be loaded." : WORDS[fault];
      await problemOf(page, read).getByText(words).first().waitFor();
    }
    call.state = "fine";
    await again(page, read);
    await read.content(page).waitFor();
  }

  it("that is slow or fails is told in words, and mended by its button", async () => {
    const { context } = await openAs("fan");
    await sideBySide(
      READS,
      6,
      ({ operation }) => operation,
      async (read) => {
        const page = await context.newPage();
        const call = await takeHold(page, read.operation);
        await takesLong(page, call, read);
        await fails(page, call, read);
        await page.close();
      },
    );
  });

  it("is told in words on every page while nothing of the API can be reached", async () => {
    const { context } = await openAs("fan");
    const main = READS.filter(({ part }) => part !== "beside");
    const paths = [...new Map(main.map((read) => [read.path({ postId }), read])).values()];
    await sideBySide(
      paths,
      6,
      (read) => read.path({ postId }),
      async (read) => {
        const page = await context.newPage();
        await page.route("**/api/**", (route) => route.abort());
        await page.goto(read.path({ postId }));
        await page.locator("main").getByText(WORDS.down).first().waitFor();
        await page.unroute("**/api/**");
        await again(page, read);
        await read.content(page).waitFor();
        await page.close();
      },
    );
  });
});

describe("a write", () => {
  async function failsThenWorks(page: Page, call: FaultyCall, write: Write): Promise<void> {
    for (const fault of FAULTS) {
      call.state = fault;
      await write.act(page);
      await page.getByText(WORDS[fault]).first().waitFor();
      await write.kept(page);
    }
    call.state = "slow";
    await write.act(page);
    await write.busy?.(page);
    await write.done(page);
  }

  it("that fails or is slow says so, keeps what was typed, and is done once in the end", async () => {
    const writer = await apiOf("writer");
    const talker = await openAs("talker");
    await sideBySide(
      WRITES,
      5,
      ({ operation }) => operation,
      async (write) => {
        const isShared = write.window === "shared";
        const handle = isShared ? "talker" : `member_${WRITES.indexOf(write)}`;
        const page = isShared ? await talker.context.newPage() : (await openAs(handle)).page;
        const api = await apiOf(handle);
        await api.post("/api/posts", { content: "My own post" });
        const target = (await writer.post("/api/posts", { content: "To talk about" })).body.data.id;
        await api.post("/api/comments", { postId: target, content: "Mine" });
        const given = { api, postId: target };
        if (write.window === "with clock") await page.clock.install();
        await page.goto(write.path(given));
        await write.prepare?.(page);
        await failsThenWorks(page, await takeHold(page, write.operation), write);
        await vi.waitFor(() => write.once?.(given), { timeout: 20_000, interval: 200 });
        await page.close();
      },
    );
  });

  it("of a visitor keeps log-in and sign-up", async () => {
    const visitor = await world.open({ expected: COMPLAINTS });
    visitors.push(visitor);
    const { page } = visitor;
    await page.goto("/signup");
    await page.getByLabel("E-mail").fill("late@example.com");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("Name", { exact: true }).fill("Late Comer");
    await page.getByLabel("Handle").fill("latecomer");
    const logIn = await takeHold(page, "POST /authentication/login");
    logIn.state = 503;
    await failsThenWorks(page, await takeHold(page, "POST /authentication/signup"), {
      operation: "POST /authentication/signup",
      window: "own",
      path: () => "/signup",
      act: () => page.getByRole("button", { name: "Sign up" }).click(),
      kept: async () => expect(await page.getByLabel("Handle").inputValue()).toBe("latecomer"),
      busy: () => page.getByRole("button", { name: "Signing up…" }).waitFor(),
      done: () => page.getByText("Your account is ready. Please log in.").waitFor(),
    });
    expect(await page.getByLabel("E-mail").inputValue()).toBe("late@example.com");
    const password = page.getByLabel("Password", { exact: true });
    await password.fill(PASSWORD);
    await failsThenWorks(page, logIn, {
      operation: "POST /authentication/login",
      window: "own",
      path: () => "/login",
      act: () => page.getByRole("button", { name: "Log in" }).click(),
      kept: async () => expect(await password.inputValue()).toBe(PASSWORD),
      busy: () => page.getByRole("button", { name: "Logging in…" }).waitFor(),
      done: () => page.locator(".main-nav").waitFor(),
    });
  });
});

describe("the end of a session", () => {
  it("is told to this device alone while the server can't be told", async () => {
    const visitor = await openAs("leaver");
    const { page } = visitor;
    const call = await takeHold(page, "POST /authentication/logout");
    const warning = page.getByText("You are logged out on this device, but dailyfeed could not be told.");
    for (const state of [...FAULTS, "slow"] as const) {
      call.state = state;
      await page.goto("/settings/account");
      await page.getByRole("button", { name: "Log out" }).click();
      if (state === "slow") await page.getByRole("button", { name: "Logging out…" }).waitFor();
      await page.getByRole("link", { name: "Sign up" }).waitFor();
      if (state === "slow") expect(await warning.count()).toBe(0);
      else {
        await warning.waitFor();
        await logIn(visitor, "leaver");
      }
    }
  });

  it("is not what a refresh that fails means", async () => {
    const { page, calls } = await openAs("refresher");
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
    await page.locator("main").getByText("A text to read").first().waitFor();
    expect(calls.filter((each) => each === "POST /api/authentication/refresh")).toHaveLength(1);
  });
});

it("was tried with every call that the client makes", () => {
  const source = readdirSync("web/src", { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes("generated") && !name.includes(".test."))
    .map((name) => readFileSync(`web/src/${name}`, "utf8"))
    .join("\n");
  const made = [...source.matchAll(/["`]((?:GET|POST|PUT|DELETE) \/[^"`]+)["`]/g)].flatMap(([, name = ""]) =>
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the source
    ["followers", "followings"].map((side) => name.replace("${side}", side)),
  );
  const tried = [...READS, ...WRITES].map(({ operation }) => operation);
  const session = ["login", "signup", "logout"].map((name) => `POST /authentication/${name}`);
  expect([...new Set(made)].sort()).toEqual([...tried, ...session].sort());
});

it("never made the browser complain of anything else", () => {
  expect(visitors.flatMap(({ complaints }) => complaints)).toEqual([]);
});

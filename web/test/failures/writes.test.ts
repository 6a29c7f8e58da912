import { readdirSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { FAULTS, type FaultyCall, takeHold, WORDS } from "../support/faults.ts";
import { sideBySide } from "../support/side-by-side.ts";
import { PASSWORD } from "../support/world.ts";
import { type FaultyWorld, openFaultyWorld } from "./faulty-world.ts";
import { READS } from "./reads.ts";
import type { Write } from "./write.ts";
import { COMMENT_WRITES } from "./writes-of-comments.ts";
import { MEMBER_WRITES } from "./writes-of-members.ts";
import { POST_WRITES } from "./writes-of-posts.ts";

/**
 * With each write down, slow, or answering 429, 500, 503 in turn: the page says so, keeps what was typed, and does it
 * once in the end.
 */
const WRITES = [...POST_WRITES, ...COMMENT_WRITES, ...MEMBER_WRITES];
let world: FaultyWorld;
beforeAll(async () => {
  world = await openFaultyWorld();
});
afterAll(() => world.close());

describe.concurrent("a write", () => {
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
    call.release();
    await write.done(page);
  }

  it("that fails or is slow says so, keeps what was typed, and is done once in the end", async () => {
    const writer = await world.apiOf("writer");
    const talker = await world.openAs("talker");
    await sideBySide(
      WRITES,
      5,
      ({ operation }) => operation,
      async (write) => {
        const isShared = write.window === "shared";
        const handle = isShared ? "talker" : `member_${WRITES.indexOf(write)}`;
        const page = isShared ? await talker.context.newPage() : (await world.openAs(handle)).page;
        const api = await world.apiOf(handle);
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
    const visitor = await world.open();
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
  expect(world.complaints()).toEqual([]);
});

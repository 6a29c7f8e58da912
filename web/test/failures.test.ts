import type { Page, Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Visitor } from "./support/visitor.ts";
import { logIn, openWorld, PASSWORD, signUp, type World } from "./support/world.ts";

/** With each call of the API failing in turn: every page says so, keeps what was typed, and goes on without a reload. */
let world: World;
let postId: number;
let visitors: Visitor[];

const EXPECTED = /status of (429|500|503|401)|ERR_FAILED|ERR_CONNECTION/;

beforeAll(async () => {
  world = await openWorld();
  visitors = [];
  await signUp(world.api, "writer", { displayName: "Writer" });
  await signUp(world.api, "fan", { displayName: "Fan" });
  const writer = world.api.as(await world.api.login("writer"));
  const fan = world.api.as(await world.api.login("fan"));
  postId = (await writer.post("/api/posts", { content: "A text to read" })).body.data.id;
  const comment = (await fan.post("/api/comments", { postId, content: "A comment" })).body.data;
  await fan.post("/api/comments/replies", { postId, parentId: comment.id, content: "A reply" });
  const ids = await Promise.all(
    [writer, fan].map(async (each) => (await each.get("/api/members")).body.data.id),
  );
  await writer.post(`/api/members/follow/${ids[1]}`);
  await fan.post(`/api/members/follow/${ids[0]}`);
});
afterAll(() => world.close());

type Fault = "down" | 429 | 500 | 503;
const FAULTS: readonly Fault[] = ["down", 429, 500, 503];
const WORDS: Readonly<Record<Fault, string>> = {
  down: "dailyfeed can't be reached.",
  429: "Too many requests just now.",
  500: "Something went wrong on our side.",
  503: "dailyfeed is busy or being repaired.",
};

async function fail(route: Route, fault: Fault): Promise<void> {
  if (fault === "down") return route.abort();
  const body = {
    statusCode: fault,
    resultCode: "FAIL",
    code: "X",
    message: "x",
    path: "/",
    requestId: "r-1",
  };
  await route.fulfill({ status: fault, contentType: "application/json", body: JSON.stringify(body) });
}

/** Makes one call fail as `current.fault` says; undefined lets it through. */
async function broken(page: Page, method: string, path: RegExp): Promise<{ fault: Fault | undefined }> {
  const current: { fault: Fault | undefined } = { fault: undefined };
  await page.route(
    ({ pathname }) => path.test(pathname),
    async (route) => {
      if (current.fault === undefined || route.request().method() !== method) return route.fallback();
      await fail(route, current.fault);
    },
  );
  return current;
}

async function readerAt(handle = "fan"): Promise<Visitor> {
  const visitor = await world.open({ expected: EXPECTED });
  visitors.push(visitor);
  await logIn(visitor, handle);
  return visitor;
}

/** Path of the page, the call it needs, and what shows that it has it. */
const READS: readonly (readonly [path: () => string, call: RegExp, content: string])[] = [
  [() => "/", /posts\/followings$/, "A text to read"],
  [() => "/recent", /recent-activities$/, "A text to read"],
  [() => "/popular", /most-popular$/, "A text to read"],
  [() => "/commented", /most-commented$/, "A text to read"],
  [() => "/@fan", /profile\/@fan$/, "Edit profile"],
  [() => "/@writer", /posts\/authors\/\d+$/, "A text to read"],
  [() => "/@writer/followers", /followers\/more$/, "@fan"],
  [() => "/@writer/followings", /\d\/followings\/more$/, "@fan"],
  [() => `/posts/${postId}`, /timeline\/posts\/\d+$/, "A text to read"],
  [() => `/posts/${postId}`, /timeline\/posts\/\d+\/comments$/, "A comment"],
  [() => `/posts/${postId}`, /comments\/\d+\/replies$/, "A reply"],
  [() => "/activity", /member-activities\/followings$/, "wrote a post"],
  [() => "/search?q=text", /search\/posts$/, "A text to read"],
  [() => "/search?q=comment&in=comments", /search\/comments$/, "A comment"],
  [() => "/search?q=writer&in=people", /search\/members$/, "@writer"],
  [() => "/settings", /members\/profile$/, "Save"],
  [() => "/settings/account", /members\/profile$/, "Change handle"],
];

describe("a read that fails", () => {
  it("is told in words, and mended by its button", async () => {
    const { context } = await readerAt();
    // Six pages at a time: each spends most of its time waiting.
    const waiting = [...READS];
    const check = async () => {
      for (let read = waiting.shift(); read; read = waiting.shift()) {
        const [path, call, content] = read;
        const page = await context.newPage();
        const current = await broken(page, "GET", call);
        for (const fault of FAULTS) {
          current.fault = fault;
          if (fault === FAULTS[0]) await page.goto(path());
          else await page.locator("main").getByRole("button", { name: "Try again" }).first().click();
          await page.locator("main").getByText(WORDS[fault]).first().waitFor();
        }
        current.fault = undefined;
        await page.locator("main").getByRole("button", { name: "Try again" }).first().click();
        await page.locator("main").getByText(content).first().waitFor();
        await page.close();
      }
    };
    await Promise.all(Array.from({ length: 6 }, check));
  });

  it("that takes three seconds shows the shape of what is coming, and says that it takes long", async () => {
    const { context } = await readerAt();
    await Promise.all(
      READS.slice(0, 6).map(async ([path, call, content]) => {
        const page = await context.newPage();
        await page.route(
          ({ pathname }) => call.test(pathname),
          async (route) => {
            await new Promise((resolve) => setTimeout(resolve, 3_000));
            await route.fallback();
          },
        );
        await page.goto(path());
        await page.locator("main .skeleton").first().waitFor();
        await page.locator("main").getByText("This takes longer than usual…").first().waitFor();
        await page.locator("main").getByText(content).first().waitFor();
        await page.close();
      }),
    );
  });
});

/** Runs `act` with the call failing in each way; `kept` must hold each time, then `done` once it works. */
async function eachFault(
  page: Page,
  [method, path]: readonly [string, RegExp],
  { act, kept, done }: { act(): Promise<void>; kept(): Promise<void>; done(): Promise<void> },
): Promise<void> {
  const current = await broken(page, method, path);
  for (const fault of FAULTS) {
    current.fault = fault;
    await act();
    await page.getByText(WORDS[fault]).first().waitFor();
    await kept();
  }
  current.fault = undefined;
  await act();
  await done();
}

describe("a write that fails", () => {
  it("keeps a post, a comment and an edit, and sends each once", async () => {
    const { page } = await readerAt();
    const box = page.getByRole("textbox", { name: "Text" });
    await box.fill("Worth the trouble");
    await eachFault(page, ["POST", /\/api\/posts$/], {
      act: () => box.press("Control+Enter"),
      kept: async () => expect(await box.inputValue()).toBe("Worth the trouble"),
      done: () => page.getByText("Your post is out.").waitFor(),
    });
    await page.goto(`/posts/${postId}`);
    const comment = page.getByRole("textbox", { name: "Write a comment" });
    await comment.fill("Me too");
    await eachFault(page, ["POST", /\/api\/comments$/], {
      act: () => comment.press("Control+Enter"),
      kept: async () => expect(await comment.inputValue()).toBe("Me too"),
      done: () => page.locator("article.comment").filter({ hasText: "Me too" }).waitFor(),
    });
    const own = page.locator("article.comment").filter({ hasText: "Me too" });
    await own.getByRole("button", { name: "What to do with this comment" }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    const edit = page.getByRole("textbox", { name: "Text" });
    await edit.fill("Me neither");
    await eachFault(page, ["PUT", /\/api\/comments\/\d+$/], {
      act: () => edit.press("Control+Enter"),
      kept: async () => expect(await edit.inputValue()).toBe("Me neither"),
      done: () =>
        page.locator("article.comment").filter({ hasText: "Me neither" }).getByText("edited").waitFor(),
    });
    const fan = world.api.as(await world.api.login("fan"));
    const posts = (await fan.get("/api/timeline/posts")).body.data.content;
    expect(posts.map(({ content }: { content: string }) => content)).toEqual(["Worth the trouble"]);
    const comments = (await fan.get("/api/timeline/comments")).body.data.content;
    expect(comments.filter(({ content }: { content: string }) => content.startsWith("Me "))).toHaveLength(1);
  });

  it("takes back a like and a follow that did not happen", async () => {
    const { page } = await readerAt();
    await page.goto("/@writer");
    const like = page.locator("main article").first().getByRole("button", { name: /Like/ });
    await like.waitFor();
    await eachFault(page, ["POST", /\/like$/], {
      act: () => like.click(),
      kept: () => expect.poll(() => like.getAttribute("aria-pressed")).toBe("false"),
      done: () => expect.poll(() => like.getAttribute("aria-pressed")).toBe("true"),
    });
    const profile = page.locator("main .profile-top");
    await eachFault(page, ["DELETE", /members\/follow\/\d+$/], {
      act: () => profile.getByRole("button").click(),
      kept: () => profile.getByRole("button", { name: "Unfollow Writer" }).waitFor(),
      done: () => profile.getByRole("button", { name: "Follow Writer", exact: true }).waitFor(),
    });
  });

  it("keeps what a form of the settings holds", async () => {
    const { page } = await readerAt("writer");
    await page.goto("/settings");
    const bio = page.getByLabel("About you");
    await bio.fill("Patient.");
    await eachFault(page, ["PUT", /members\/profile$/], {
      act: () => page.getByRole("button", { name: "Save" }).click(),
      kept: async () => expect(await bio.inputValue()).toBe("Patient."),
      done: () => page.getByText("Saved.", { exact: true }).waitFor(),
    });
    await page.goto("/settings/account");
    const handle = page.getByLabel("Handle");
    await handle.fill("writer_two");
    await eachFault(page, ["PUT", /profile\/handle$/], {
      act: () => page.getByRole("button", { name: "Change handle" }).click(),
      kept: async () => expect(await handle.inputValue()).toBe("writer_two"),
      done: () => page.getByText("Your handle is changed.").waitFor(),
    });
    await page.goto("/settings/security");
    await page.getByLabel("Current password", { exact: true }).fill(PASSWORD);
    const next = page.getByLabel("New password", { exact: true });
    await next.fill("Rainy#day22");
    await eachFault(page, ["PUT", /authentication\/password$/], {
      act: () => page.getByRole("button", { name: "Change password" }).click(),
      kept: async () => expect(await next.inputValue()).toBe("Rainy#day22"),
      done: () => page.getByText("Your password is changed.").waitFor(),
    });
  });

  it("keeps log-in and sign-up", async () => {
    const { page } = await world.open({ expected: EXPECTED });
    await page.goto("/signup");
    await page.getByLabel("E-mail").fill("late@example.com");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("Name", { exact: true }).fill("Late Comer");
    await page.getByLabel("Handle").fill("latecomer");
    const current = await broken(page, "POST", /authentication\/login$/);
    current.fault = 503;
    await eachFault(page, ["POST", /authentication\/signup$/], {
      act: () => page.getByRole("button", { name: "Sign up" }).click(),
      kept: async () => expect(await page.getByLabel("Handle").inputValue()).toBe("latecomer"),
      done: () => page.getByText("Your account is ready. Please log in.").waitFor(),
    });
    expect(await page.getByLabel("E-mail").inputValue()).toBe("late@example.com");
    current.fault = undefined;
    const password = page.getByLabel("Password", { exact: true });
    await password.fill(PASSWORD);
    await eachFault(page, ["POST", /authentication\/login$/], {
      act: () => page.getByRole("button", { name: "Log in" }).click(),
      kept: async () => expect(await password.inputValue()).toBe(PASSWORD),
      done: () => page.locator(".main-nav").waitFor(),
    });
  });

  it("never made the browser complain of anything else", () => {
    expect(visitors.flatMap(({ complaints }) => complaints)).toEqual([]);
  });
});
